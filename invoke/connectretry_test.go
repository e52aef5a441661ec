package invoke_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// What would fail the same way again is tried once; what may pass is tried again.
func TestAConnectionThatIsRefusedForGoodIsTriedOnce(t *testing.T) {
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = nil
	t.Cleanup(untrusted.Close)
	for name, tc := range map[string]struct {
		status   int // of the proxy; 0 for none
		attempts int32
		as       func(error) bool
	}{
		"certificate": {0, 1, func(err error) bool {
			var e *tls.CertificateVerificationError
			return errors.As(err, &e)
		}},
		"proxy wants credentials": {407, 1, isProxyError(407)},
		"proxy forbids":           {403, 1, isProxyError(403)},
		"proxy is overloaded":     {503, 3, isProxyError(503)},
	} {
		t.Run(name, func(t *testing.T) {
			var dials atomic.Int32
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tc.status) }))
			t.Cleanup(proxy.Close)
			opts := optionsFor(untrusted.URL)
			fast(&opts)
			opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
				c.Proxy = func(*http.Request) (*url.URL, error) {
					if tc.status == 0 {
						return nil, nil
					}
					return url.Parse(proxy.URL)
				}
				c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
					dials.Add(1)
					return new(net.Dialer).DialContext(ctx, network, addr)
				}
			})
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.True(t, tc.as(err), "%v", err)
			require.False(t, errors.MayHaveExecuted(err))
			require.Equal(t, tc.attempts, dials.Load())
			var failed *errors.TransportError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, errors.StageConnect, failed.Stage)
		})
	}
}

func isProxyError(status int) func(error) bool {
	return func(err error) bool {
		var e *errors.ProxyError
		return errors.As(err, &e) && e.StatusCode == status
	}
}
