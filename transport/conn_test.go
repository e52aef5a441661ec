package transport_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// kinds runs a test over plain http and over the versions of TLS, whose records differ.
func kinds(t *testing.T, test func(t *testing.T, start func(*server), configure func(*transport.Config))) {
	t.Run("http", func(t *testing.T) {
		test(t, func(s *server) { s.start(false) }, func(*transport.Config) {})
	})
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			test(t, func(s *server) { s.start(true) }, func(c *transport.Config) {
				c.TLSConfig.MinVersion, c.TLSConfig.MaxVersion = version, version
			})
		})
	}
}

func TestAWriteDeadlineOfTheCallerHidesNothingThatWasSent(t *testing.T) {
	kinds(t, func(t *testing.T, start func(*server), configure func(*transport.Config)) {
		var requests atomic.Int64
		srv := newUnstarted(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if requests.Add(1) > 1 {
				panic(http.ErrAbortHandler) // the connection closes after the function may have run
			}
		}))
		start(srv)
		client := srv.newClient(t, configure)
		_, _, err := post(t.Context(), client, srv.URL, "warm")
		require.NoError(t, err)
		for sent, reused := range []bool{true, false} {
			var got httptrace.GotConnInfo
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
				got = info
				require.NoError(t, info.Conn.SetWriteDeadline(time.Now().Add(time.Hour)))
			}})
			var attempt transport.Attempt
			req, err := http.NewRequestWithContext(attempt.Context(ctx), http.MethodPost, srv.URL, nil)
			require.NoError(t, err)
			req.Body, req.ContentLength = attempt.Body([]byte("{}")), 2
			_, err = client.Transport.RoundTrip(req)
			require.Error(t, err)
			require.Equal(t, reused, got.Reused)
			require.True(t, attempt.MayHaveLeft())
			require.EqualValues(t, sent+2, requests.Load(), "each request is sent once")
		}
	})
}

func TestTheGoodbyeOfAConnectionIsNoPartOfARequest(t *testing.T) {
	kinds(t, func(t *testing.T, start func(*server), configure func(*transport.Config)) {
		var requests atomic.Int64
		srv := newUnstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			_, _ = io.Copy(w, r.Body)
		}))
		start(srv)
		client := srv.newClient(t, configure)
		for range 10 {
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
				if info.Reused {
					info.Conn.Close() // as it happens when the server closes in this moment
				}
			}})
			_, body, err := post(ctx, client, srv.URL, "again")
			require.NoError(t, err)
			require.Equal(t, "again", body)
		}
		require.EqualValues(t, 10, requests.Load())

		// And on a connection that is not used again, it is the request's failure.
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { info.Conn.Close() }})
		client = srv.newClient(t, configure)
		var attempt transport.Attempt
		req, err := http.NewRequestWithContext(attempt.Context(ctx), http.MethodPost, srv.URL, strings.NewReader("x"))
		require.NoError(t, err)
		_, err = client.Transport.RoundTrip(req)
		require.Error(t, err)
		require.True(t, attempt.Connected())
		require.False(t, attempt.MayHaveLeft())
		require.EqualValues(t, 10, requests.Load())
	})
}
