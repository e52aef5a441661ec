package transport_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// events is what happened, in order.
type events struct {
	mu  sync.Mutex
	all []string
}

func (e *events) add(format string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, fmt.Sprintf(format, args...))
}

func (e *events) take() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.all
	e.all = nil
	return all
}

func (e *events) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectDone:       func(string, string, error) { e.add("connected") },
		TLSHandshakeStart: func() { e.add("handshake starts") },
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			e.add("handshake done: complete %v, failed %v", state.HandshakeComplete, err != nil)
		},
		GotConn: func(info httptrace.GotConnInfo) { e.add("got connection, reused %v", info.Reused) },
	})
}

// noteHellos adds the beginnings of handshakes that the server sees. It is for a server that is not started.
func (e *events) noteHellos(s *server, name string) {
	s.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		e.add("hello to the %s", name)
		return nil, nil
	}}
}

func TestHooksSeeTheHandshakesThatNetHTTPsOwnTransportShows(t *testing.T) {
	const (
		begin   = "handshake starts"
		success = "handshake done: complete true, failed false"
		failure = "handshake done: complete false, failed true"
	)
	for _, tc := range []struct {
		name        string
		secure      bool // the host
		proxy       string
		distrustful bool
		want        []string // between the connection's opening and its use
	}{
		{"http", false, "", false, nil},
		{"https", true, "", false, []string{begin, "hello to the host", success}},
		{"https, not trusted", true, "", true, []string{begin, "hello to the host", failure}},
		{"http through a proxy", false, "http", false, nil},
		{"https through a proxy", true, "http", false, []string{begin, "hello to the host", success}},
		{"https through a proxy, not trusted", true, "http", true, []string{begin, "hello to the host", failure}},
		{"http through a proxy by https", false, "https", false, []string{begin, "hello to the proxy", success}},
		{"http through a proxy by https, not trusted", false, "https", true, []string{begin, "hello to the proxy", failure}},
		{"https through a proxy by https", true, "https", false,
			[]string{begin, "hello to the proxy", success, begin, "hello to the host", success}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var happened events
			srv, proxy := newUnstarted(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "hello")
			})), newProxy(t)
			happened.noteHellos(srv, "host")
			happened.noteHellos(proxy, "proxy")
			srv.start(tc.secure)
			proxy.start(tc.proxy == "https")
			settings := transport.Config{TLSConfig: &tls.Config{}, Proxy: func(*http.Request) (*url.URL, error) {
				if tc.proxy == "" {
					return nil, nil
				}
				return url.Parse(proxy.URL)
			}}
			if !tc.distrustful {
				srv.trust(&settings)
				if proxy.Certificate() != nil {
					proxy.trust(&settings) // which has the same certificate
				}
			}
			ours := newClient(t, func(c *transport.Config) { *c = settings })
			theirs := &http.Client{Transport: &http.Transport{Proxy: settings.Proxy, TLSClientConfig: settings.TLSConfig.Clone()}}
			t.Cleanup(theirs.CloseIdleConnections)
			for _, client := range []*http.Client{theirs, ours} {
				_, body, err := post(happened.trace(t.Context()), client, srv.URL, "x")
				want := append([]string{"connected"}, tc.want...)
				if tc.distrustful {
					require.Error(t, err)
					require.Equal(t, want, happened.take())
					continue
				}
				require.NoError(t, err)
				require.Equal(t, "hello", body)
				require.Equal(t, append(want, "got connection, reused false"), happened.take())

				_, _, err = post(happened.trace(t.Context()), client, srv.URL, "x")
				require.NoError(t, err)
				require.Equal(t, []string{"got connection, reused true"}, happened.take())
			}
		})
	}
}

func TestHooksSeeTheErrorThatEndsAHandshake(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	client := newClient(t, directly, func(c *transport.Config) { c.TLSHandshakeTimeout = time.Millisecond })
	var seen []error
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { seen = append(seen, err) },
	})
	_, _, err = post(ctx, client, "https://"+silent.Addr().String(), "")
	require.Error(t, err)
	require.Len(t, seen, 1)
	require.ErrorIs(t, err, seen[0])
}
