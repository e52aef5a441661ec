package transport_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestClientHasNoTimeoutOfItsOwn(t *testing.T) {
	require.Zero(t, transport.NewClient().Timeout)
}

func TestRedirectIsReturnedAndNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var requests atomic.Int64
		srv := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests.Add(1)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		got, _, err := post(context.Background(), srv.newClient(t), srv.URL, "payload")
		require.NoError(t, err)
		require.Equal(t, status, got)
		require.EqualValues(t, 1, requests.Load())
	}
}

func TestCompressedBodyIsNeitherAskedForNorDecompressed(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	_, err := zip.Write(make([]byte, 32<<20))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	srv := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	}))
	status, body, err := post(context.Background(), srv.newClient(t), srv.URL, "")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, bomb.String(), body)
}

func TestTLSBelow12IsRefusedWhateverTheConfigSays(t *testing.T) {
	srv := newUnstarted(t, http.NotFoundHandler())
	srv.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	srv.start(true)
	client := srv.newClient(t, func(c *transport.Config) { c.TLSConfig.MinVersion = tls.VersionTLS10 })
	_, _, err := post(context.Background(), client, srv.URL, "")
	require.ErrorContains(t, err, "protocol version")
}

func TestHTTP11IsSpokenToAServerThatOffersHTTP2(t *testing.T) {
	srv := newUnstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	srv.EnableHTTP2 = true
	srv.start(true)
	client := srv.newClient(t, func(c *transport.Config) { c.TLSConfig.NextProtos = []string{"h2"} })
	_, proto, err := post(context.Background(), client, srv.URL, "")
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1", proto)
}

func TestTLSConfigOfTheCallerIsNotChangedAndNotShared(t *testing.T) {
	srv := newServer(t, true, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	var c transport.Config
	srv.trust(&c)
	own := c.TLSConfig
	client := newClient(t, directly, func(c *transport.Config) { c.TLSConfig = own })
	require.Zero(t, own.MinVersion)
	require.Empty(t, own.NextProtos)
	own.RootCAs = nil
	_, _, err := post(context.Background(), client, srv.URL, "")
	require.NoError(t, err)
}

func TestUntrustedCertificateIsRefused(t *testing.T) {
	srv := newServer(t, true, http.NotFoundHandler())
	_, _, err := post(context.Background(), newClient(t, directly), srv.URL, "")
	var unverified *tls.CertificateVerificationError
	require.ErrorAs(t, err, &unverified)
}

func TestResponseHasTheStateOfItsTLSConnection(t *testing.T) {
	srv := newServer(t, true, http.NotFoundHandler())
	resp, err := srv.newClient(t).Get(srv.URL)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.NotNil(t, resp.TLS)
	require.True(t, resp.TLS.HandshakeComplete)
}

func TestConnectionIsKeptAfterEveryKindOfResponse(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"no content":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"empty body":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) },
		"known length": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") },
		"chunked": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
		},
		"error": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", http.StatusInternalServerError) },
	} {
		t.Run(name, func(t *testing.T) {
			schemes(t, func(t *testing.T, secure bool) {
				srv := newServer(t, secure, h)
				client := srv.newClient(t)
				for range 10 {
					_, _, err := post(context.Background(), client, srv.URL, "x")
					require.NoError(t, err)
				}
				require.EqualValues(t, 1, srv.conns.Load())
			})
		})
	}
}

func TestNoConnectionIsKeptWhenMaxIdleConnsIsNegative(t *testing.T) {
	srv := newServer(t, false, http.NotFoundHandler())
	client := srv.newClient(t, func(c *transport.Config) { c.MaxIdleConns = -1 })
	for range 3 {
		_, _, err := post(context.Background(), client, srv.URL, "")
		require.NoError(t, err)
	}
	require.EqualValues(t, 3, srv.conns.Load())
}

func TestRequestsGoThroughTheConfiguredProxy(t *testing.T) {
	var asked atomic.Int64
	proxy := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "proxied "+r.URL.Host)
	}))
	client := newClient(t, func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) {
			asked.Add(1)
			return url.Parse(proxy.URL)
		}
	})
	for _, host := range []string{"one.invalid", "two.invalid"} {
		_, body, err := post(context.Background(), client, "http://"+host+"/", "")
		require.NoError(t, err)
		require.Equal(t, "proxied "+host, body)
	}
	require.EqualValues(t, 2, asked.Load())
	require.EqualValues(t, 1, proxy.conns.Load(), "a proxy's connection serves all plain hosts")
}

func TestTLSGoesThroughAProxysTunnel(t *testing.T) {
	srv := newServer(t, true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	}))
	proxy := newProxy(t)
	proxy.start(false)
	client := srv.newClient(t, func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	})
	for range 5 {
		_, body, err := post(context.Background(), client, srv.URL, "x")
		require.NoError(t, err)
		require.Equal(t, "hello", body)
	}
	require.EqualValues(t, 1, proxy.conns.Load())
}

func TestErrorOfTheProxyFunctionIsReturned(t *testing.T) {
	broken := errors.New("no proxy to be found")
	client := newClient(t, func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return nil, broken }
	})
	_, _, err := post(context.Background(), client, "http://host.invalid", "x")
	require.ErrorIs(t, err, broken)
}

func TestHooksOfTheCallerAreCalledWithTheCountingConnection(t *testing.T) {
	type counter interface{ BytesWritten() int64 }
	schemes(t, func(t *testing.T, secure bool) {
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			_, _ = w.Write(b)
		}))
		client := srv.newClient(t)
		for i := range 3 {
			var conn net.Conn
			var before int64
			var reused bool
			first := make(chan struct{})
			ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
				GotConn: func(info httptrace.GotConnInfo) {
					conn, reused = info.Conn, info.Reused
					if c, ok := conn.(*tls.Conn); ok {
						conn = c.NetConn()
					}
					before = conn.(counter).BytesWritten()
				},
				GotFirstResponseByte: func() { close(first) },
			})
			body := strings.Repeat("x", 100_000)
			_, got, err := post(ctx, client, srv.URL, body)
			require.NoError(t, err)
			require.Equal(t, body, got)
			require.NotNil(t, conn)
			<-first
			require.Equal(t, i > 0, reused)
			require.Greater(t, conn.(counter).BytesWritten()-before, int64(len(body)))
		}
	})
}

func TestTimeoutsOfTheClientAreNotTheCallersDeadline(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	client := newClient(t, directly, func(c *transport.Config) { c.TLSHandshakeTimeout = time.Millisecond })
	_, _, err = post(context.Background(), client, "https://"+silent.Addr().String(), "")
	require.ErrorContains(t, err, "no TLS handshake within 1ms")
	require.NotErrorIs(t, err, context.DeadlineExceeded)
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())

	client = newClient(t, directly, func(c *transport.Config) { c.ConnectTimeout = time.Nanosecond })
	_, _, err = post(context.Background(), client, "http://"+silent.Addr().String(), "")
	require.ErrorContains(t, err, "timeout")
	require.NotErrorIs(t, err, context.DeadlineExceeded)
}

func TestNothingStaysOfACallThatIsCancelledDuringTheHandshake(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	client := newClient(t, directly, func(c *transport.Config) { c.TLSHandshakeTimeout = -1 })
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		c, err := silent.Accept()
		if err == nil {
			_, _ = io.ReadFull(c, make([]byte, 1)) // the handshake has begun
			defer c.Close()
			cancel()
			_, _ = io.Copy(io.Discard, c)
		}
	}()
	_, _, err = post(ctx, client, "https://"+silent.Addr().String(), "")
	require.ErrorIs(t, err, context.Canceled)
	requireNoGoroutines(t)
}

func TestNothingStaysOfACallThatIsCancelledWhileTheFunctionRuns(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		ctx, cancel := context.WithCancel(context.Background())
		srv := newServer(t, secure, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			<-r.Context().Done() // the connection goes with the call
			// Over TLS the end is announced before the connection closes, and an answer could still slip in between.
			panic(http.ErrAbortHandler)
		}))
		_, _, err := post(ctx, srv.newClient(t), srv.URL, "x")
		require.ErrorIs(t, err, context.Canceled)
		requireNoGoroutines(t)
	})
}

func TestRequestWithoutURLIsAnError(t *testing.T) {
	_, err := transport.NewClient().Transport.RoundTrip(&http.Request{})
	require.ErrorContains(t, err, "nil Request.URL")
}

func TestUpgradedConnectionCanBeWrittenTo(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, buf, _ := http.NewResponseController(w).Hijack()
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_, _ = io.Copy(c, buf)
	}))
	defer srv.Close()
	req, err := http.NewRequest(http.MethodGet, srv.URL, nil)
	require.NoError(t, err)
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "echo")
	resp, err := newClient(t, directly).Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.WriteString(resp.Body.(io.Writer), "echo")
	require.NoError(t, err)
	_, err = io.ReadFull(resp.Body, make([]byte, 4))
	require.NoError(t, err)
}
