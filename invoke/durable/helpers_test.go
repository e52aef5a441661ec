package durable_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// anARN is the ARN of an execution that no server knows.
const anARN = "arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/order-1/11111111-2222"

func newClient(t testing.TB, opts invoke.Options, optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	client, err := invoke.New(opts, optFns...)
	require.NoError(t, err)
	return client
}

// newServer is a server with the durable function "f", and f for it.
func newServer[In, Out any](t *testing.T, fn func(context.Context, In) (Out, error), optFns ...func(*invoketest.Config)) (*invoketest.Server, *durable.Func[In, Out]) {
	t.Helper()
	server := invoketest.NewServer(t, optFns...)
	invoketest.HandleFunc(server, "f", fn)
	return server, durable.New[In, Out](newClient(t, server.Options(), fast), "f:live").WithIntervals(1, 1e6)
}

// fast retries without delays.
func fast(o *invoke.Options) { o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = 1, 1 }

// doer is an HTTP client made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// service answers without a network, which virtual time needs.
func service(t testing.TB, answer func(*http.Request) (status int, body string), optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	return serviceWithHeader(t, http.Header{}, answer, optFns...)
}

// serviceWithHeader is service with further headers in its replies.
func serviceWithHeader(t testing.TB, header http.Header, answer func(*http.Request) (status int, body string), optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	return newClient(t, invoke.Options{
		Region:      "us-east-1",
		Credentials: invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", ""),
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) {
			if r.Body != nil {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return nil, err
				}
			}
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			status, body := answer(r)
			reply := &http.Response{
				StatusCode: status, ContentLength: int64(len(body)), Request: r,
				Header: http.Header{"Content-Type": {"application/json"}, "X-Amzn-Requestid": {"a-request"}},
				Body:   io.NopCloser(strings.NewReader(body)),
			}
			maps.Copy(reply.Header, header)
			return reply, nil
		}),
	}, optFns...)
}

// always answers every request in the same way.
func always(status int, body string) func(*http.Request) (int, string) {
	return func(*http.Request) (int, string) { return status, body }
}
