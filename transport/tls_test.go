package transport_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestTLSSessionsAreResumed(t *testing.T) {
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			srv := newServer(t, true, http.NotFoundHandler())
			client := srv.newClient(t, func(c *transport.Config) { c.TLSConfig.MaxVersion = version })
			for i := range 3 {
				resp, err := client.Get(srv.URL)
				require.NoError(t, err)
				_, _ = io.Copy(io.Discard, resp.Body)
				require.NoError(t, resp.Body.Close())
				require.Equal(t, i > 0, resp.TLS.DidResume)
				client.CloseIdleConnections()
			}
		})
	}
}

// Session tickets arrive on a connection that has not been used yet. They are no reply, and no reason to replace it.
func TestSessionTicketsOnAnIdleConnectionAreRead(t *testing.T) {
	release := make(chan struct{})
	arrived := make(chan struct{}, 10)
	srv := newServer(t, true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-release
	}))
	dialed, hold := make(chan struct{}, 10), make(chan struct{}, 10)
	client := srv.newClient(t, func(c *transport.Config) {
		c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialed <- struct{}{}
			<-hold
			return new(net.Dialer).DialContext(ctx, network, addr)
		}
	})
	done := make(chan error, 10)
	call := func() {
		_, _, err := post(context.Background(), client, srv.URL, "x")
		done <- err
	}
	go call()
	<-dialed
	hold <- struct{}{}
	<-arrived
	go call()
	<-dialed
	release <- struct{}{}
	require.NoError(t, <-done)
	<-arrived // the second call is served by the first connection, and its own one comes to be idle
	hold <- struct{}{}
	eventually(t, func() bool { return countGoroutines("transport.(*dialer)") == 0 })
	go call()
	<-arrived
	close(release)
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	require.EqualValues(t, 2, srv.conns.Load())
}

// flights is a connection that sends what was written in one piece when the peer is waited for.
type flights struct {
	net.Conn
	held []byte
}

func (f *flights) Write(p []byte) (int, error) {
	f.held = append(f.held, p...)
	return len(p), nil
}

func (f *flights) Read(p []byte) (int, error) {
	if _, err := f.Conn.Write(f.held); err != nil {
		return 0, err
	}
	f.held = nil
	return f.Conn.Read(p)
}

// A second reply that arrives together with the first, in a record of its own, is in no socket any more: TLS has it.
func TestAnUnsolicitedRecordIsNotTheNextReply(t *testing.T) {
	cert := newUnstarted(t, http.NotFoundHandler())
	cert.start(true)
	url, _ := listenRaw(t, false, func(c net.Conn) {
		s := tls.Server(&flights{Conn: c}, cert.TLS)
		for {
			if _, err := s.Read(make([]byte, 4096)); err != nil {
				return
			}
			for _, body := range []string{"ok", "no"} {
				if _, err := io.WriteString(s, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"+body); err != nil {
					return
				}
			}
		}
	})
	client := newClient(t, directly, cert.trust)
	for range 50 {
		_, body, err := post(t.Context(), client, "https"+strings.TrimPrefix(url, "http"), "")
		require.NoError(t, err)
		require.Equal(t, "ok", body)
	}
}
