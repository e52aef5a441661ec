package invoke_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// serve starts an HTTP server and returns the options to reach it.
func serve(t testing.TB, handler http.HandlerFunc) invoke.Options {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return optionsFor(server.URL)
}

func optionsFor(endpoint string) invoke.Options {
	return invoke.Options{
		Region:       "us-east-1",
		Credentials:  invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", ""),
		BaseEndpoint: endpoint,
	}
}

func newClient(t testing.TB, opts invoke.Options, optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	client, err := invoke.New(opts, optFns...)
	require.NoError(t, err)
	t.Cleanup(func() {
		if c, ok := opts.HTTPClient.(*http.Client); ok {
			c.CloseIdleConnections()
		}
	})
	return client
}

// reply answers every request in the same way.
func reply(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		for name, value := range header {
			w.Header()[name] = []string{value} // not canonicalized
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// invokeOnce makes one call without retries.
func invokeOnce(t testing.TB, opts invoke.Options, in *invoke.InvokeInput) (*invoke.InvokeOutput, error) {
	t.Helper()
	opts.Retry.MaxAttempts = 1
	return newClient(t, opts).Invoke(t.Context(), in)
}

// doer is an HTTP client made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

var background = context.Background
