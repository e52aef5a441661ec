package invoke_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// A second collection would empty the pools that may hold a call. One is tried several times, because a goroutine of net/http may
// hold the request for a moment after the reply.
func TestNoPoolHoldsACallThatHasEnded(t *testing.T) {
	for name, httpClient := range map[string]*http.Client{
		"transport":                {Transport: transport.New()},
		"net/http":                 {Transport: &http.Transport{}},
		"net/http below a wrapper": {Transport: roundTrip(new(http.Transport).RoundTrip)},
	} {
		t.Run(name, func(t *testing.T) {
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Write([]byte("1"))
			})
			opts.HTTPClient = httpClient
			client := newClient(t, opts)
			type key struct{}
			call := func() weak.Pointer[[1 << 20]byte] {
				value := new([1 << 20]byte) // what the caller's context has, such as an incoming request
				_, err := client.Invoke(context.WithValue(t.Context(), key{}, value), &invoke.InvokeInput{FunctionName: "f"})
				require.NoError(t, err)
				return weak.Make(value)
			}
			freed := false
			for range 20 {
				value := call()
				runtime.GC()
				freed = freed || value.Value() == nil
			}
			require.True(t, freed)
		})
	}
}
