package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestProgressSaysHowFarARequestCame(t *testing.T) {
	large := strings.Repeat("x", 8<<20)
	whole := func(c net.Conn) bool {
		req, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return false
		}
		_, err = io.Copy(io.Discard, req.Body)
		return err == nil
	}
	for _, tc := range []struct {
		name    string
		payload string
		serve   func(net.Conn)
		want    attempt.Progress // Written apart
	}{
		{"closed early", "x", func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 1)) },
			attempt.Progress{Connected: true, AllWritten: true}},
		{"closed in a large payload", large, func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 1<<20)) },
			attempt.Progress{Connected: true}},
		{"closed after a small one", "x", func(c net.Conn) { whole(c) },
			attempt.Progress{Connected: true, AllWritten: true}},
		{"closed after none", "", func(c net.Conn) { whole(c) },
			attempt.Progress{Connected: true, AllWritten: true}},
		{"closed after a large one", large, func(c net.Conn) { whole(c) },
			attempt.Progress{Connected: true, AllWritten: true}},
		{"closed in the head of the reply", large, func(c net.Conn) { whole(c); _, _ = io.WriteString(c, "HTTP/1.1 200") },
			attempt.Progress{Connected: true, AllWritten: true, ReplyBegun: true}},
		{"closed in the body of the reply", "x", func(c net.Conn) {
			whole(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
		}, attempt.Progress{Connected: true, AllWritten: true, ReplyBegun: true}},
		{"answered", large, func(c net.Conn) {
			whole(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}, attempt.Progress{Connected: true, AllWritten: true, ReplyBegun: true, ReplyWhole: true}},
		{"answered before it was read", large, func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 1000))
			_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
			_, _ = io.Copy(io.Discard, io.LimitReader(c, 1<<20)) // and goes on without reading the rest
			time.Sleep(50 * time.Millisecond)
		}, attempt.Progress{Connected: true, ReplyBegun: true, ReplyWhole: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			schemes(t, func(t *testing.T, secure bool) {
				if secure && tc.name == "answered before it was read" {
					tc.want.AllWritten = false
				}
				addr, configure := listenRaw(t, secure, tc.serve)
				client := newClient(t, directly, configure)
				progress, err := exchange(t.Context(), t, client, addr, tc.payload)
				if tc.want.ReplyWhole {
					require.NoError(t, err)
				} else {
					require.Error(t, err)
				}
				if tc.name == "closed early" || tc.name == "closed after a large one" {
					progress.AllWritten = tc.want.AllWritten // the reset may come before the last write
				}
				if tc.want.AllWritten {
					require.Greater(t, progress.Written, int64(len(tc.payload)))
				} else {
					require.Positive(t, progress.Written)
				}
				progress.Written = 0
				require.Equal(t, tc.want, progress)
			})
		})
	}

	progress, err := exchange(t.Context(), t, newClient(t, directly), "http://127.0.0.1:1", "x")
	require.Error(t, err)
	require.Zero(t, progress)
}

// exchange sends payload and reads the reply, and returns how far all of it came.
func exchange(ctx context.Context, t *testing.T, client *http.Client, url, payload string) (attempt.Progress, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	require.NoError(t, err)
	req.ContentLength = int64(len(payload))
	var progress attempt.Progress
	resp, err := client.Transport.(*transport.Transport).RoundTripPayload(req, []byte(payload), &progress)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	return progress, err
}

// listenRaw serves each connection with serve, over TLS or not, and closes it then.
func listenRaw(t *testing.T, secure bool, serve func(net.Conn)) (url string, configure func(*transport.Config)) {
	t.Helper()
	cert := newUnstarted(t, http.NotFoundHandler())
	cert.start(true)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if secure {
				c = tls.Server(c, cert.TLS)
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	if secure {
		return "https://" + l.Addr().String(), cert.trust
	}
	return "http://" + l.Addr().String(), func(*transport.Config) {}
}

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
			progress, err := exchange(ctx, t, client, srv.URL, "{}")
			require.Error(t, err)
			require.Equal(t, reused, got.Reused)
			require.True(t, progress.AllWritten)
			require.EqualValues(t, sent+2, requests.Load(), "each request is sent once")
		}
	})
}

func TestAConnectionThatClosesBeforeTheRequestIsReplaced(t *testing.T) {
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

		// A connection that is fresh is not tried again: the request fails.
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { info.Conn.Close() }})
		progress, err := exchange(ctx, t, srv.newClient(t, configure), srv.URL, "x")
		require.Error(t, err)
		require.Equal(t, attempt.Progress{Connected: true}, progress)
		require.EqualValues(t, 10, requests.Load())
	})
}
