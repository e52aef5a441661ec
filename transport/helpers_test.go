package transport_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// server is an HTTP server that counts the connections it got.
type server struct {
	*httptest.Server
	conns atomic.Int64
	used  sync.Map     // open connections that have carried a request
	lost  atomic.Int64 // connections that had, and are closed
}

func newUnstarted(t *testing.T, h http.Handler) *server {
	t.Helper()
	s := &server{Server: httptest.NewUnstartedServer(h)}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.conns.Add(1)
		case http.StateActive:
			s.used.Store(c, true)
		case http.StateClosed, http.StateHijacked:
			if _, used := s.used.LoadAndDelete(c); used {
				s.lost.Add(1)
			}
		}
	}
	t.Cleanup(s.Close)
	return s
}

func (s *server) start(secure bool) {
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
}

func newServer(t *testing.T, secure bool, h http.Handler) *server {
	t.Helper()
	s := newUnstarted(t, h)
	s.start(secure)
	return s
}

// newProxy is a proxy for plain requests and tunnels, which is not started.
func newProxy(t *testing.T) *server {
	t.Helper()
	var tunnels sync.WaitGroup
	t.Cleanup(tunnels.Wait)
	return newUnstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			_, _ = io.WriteString(w, "hello")
			return
		}
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		down, buf, _ := http.NewResponseController(w).Hijack()
		tunnels.Go(func() { _, _ = io.Copy(up, buf); up.Close() })
		tunnels.Go(func() { _, _ = io.Copy(down, up); down.Close() })
	}))
}

// schemes runs a test over plain http and over TLS.
func schemes(t *testing.T, test func(t *testing.T, secure bool)) {
	t.Run("http", func(t *testing.T) { test(t, false) })
	t.Run("https", func(t *testing.T) { test(t, true) })
}

// newClient trusts s, and is asked to leave nothing behind when the test ends.
func (s *server) newClient(t *testing.T, optFns ...func(*transport.Config)) *http.Client {
	t.Helper()
	optFns = append([]func(*transport.Config){s.trust, directly}, optFns...)
	return newClient(t, optFns...)
}

func (s *server) trust(c *transport.Config) {
	if cert := s.Certificate(); cert != nil {
		roots := x509.NewCertPool()
		roots.AddCert(cert)
		c.TLSConfig = &tls.Config{RootCAs: roots}
	}
}

func newClient(t *testing.T, optFns ...func(*transport.Config)) *http.Client {
	t.Helper()
	if _, found := leakChecked.LoadOrStore(t.Name(), true); !found {
		// Registered with the first client, the check runs after the last one is closed.
		t.Cleanup(func() {
			leakChecked.Delete(t.Name())
			requireNoGoroutines(t)
		})
	}
	client := transport.NewClient(optFns...)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

var leakChecked sync.Map // names of running tests

// requireNoGoroutines waits until nothing of the client runs any more.
func requireNoGoroutines(t *testing.T) {
	t.Helper()
	var left string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if left = goroutines(); left == "" {
			return
		}
		runtime.Gosched()
	}
	require.Empty(t, left, "goroutines left behind")
}

// goroutines are the stacks of those that belong to a client.
func goroutines() string {
	buf := make([]byte, 16<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var left []string
	for _, stack := range strings.Split(string(buf), "\n\n") {
		if strings.Contains(stack, "net/http.(*persistConn)") || strings.Contains(stack, "net/http.(*Transport)") ||
			strings.Contains(stack, "lambda-invoke-go/transport.") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

// post sends body and returns the status and what came back.
func post(ctx context.Context, client *http.Client, url, body string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// send sends payload as package invoke does, and returns what became of it.
func send(ctx context.Context, t *testing.T, client *http.Client, url, payload string) (*http.Response, attempt.Progress, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	require.NoError(t, err)
	req.ContentLength = int64(len(payload))
	var progress attempt.Progress
	resp, err := client.Transport.(*transport.Transport).RoundTripPayload(req, []byte(payload), &progress)
	return resp, progress, err
}

func directly(c *transport.Config) {
	c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
}

// dialing is a DialContext that returns c, once.
func dialing(c net.Conn) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		if c == nil {
			return nil, net.ErrClosed
		}
		once := c
		c = nil
		return once, nil
	}
}

// countGoroutines counts those with name in their stacks.
func countGoroutines(name string) int {
	buf := make([]byte, 16<<20)
	n := 0
	for _, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, name) {
			n++
		}
	}
	return n
}

// eventually waits until what another goroutine is about to do is done.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if done() {
			return
		}
	}
	require.True(t, done())
}
