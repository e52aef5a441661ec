package transport_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// rawServer reads one request on each connection and leaves the answer to reply, which owns the connection.
func rawServer(t *testing.T, reply func(net.Conn)) (url string, conns *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	conns = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Add(1)
			go func() {
				defer c.Close()
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err == nil {
					_, _ = io.Copy(io.Discard, req.Body)
					reply(c)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String(), conns
}

// repeat writes s until the client has had enough.
func repeat(c net.Conn, s string) {
	for {
		if _, err := io.WriteString(c, s); err != nil {
			return
		}
	}
}

func TestHostileReplyEndsInAnError(t *testing.T) {
	for name, reply := range map[string]func(net.Conn){
		"endless headers": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			repeat(c, "X-More: and more\r\n")
		},
		"endless header value": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Long: ")
			repeat(c, "and longer")
		},
		"endless status line": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 ")
			repeat(c, "OK")
		},
		"100 Continue flood": func(c net.Conn) { repeat(c, "HTTP/1.1 100 Continue\r\n\r\n") },
		"103 flood":          func(c net.Conn) { repeat(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") },
		"not HTTP":           func(c net.Conn) { repeat(c, "SSH-2.0\n") },
		"no reply":           func(net.Conn) {},
		"half a header":      func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le") },
		"early close":        func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") },
		"two lengths": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")
		},
		"a length and chunks": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
		},
		"chunks and a length": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
		},
		"broken chunk": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, conns := rawServer(t, reply)
			_, _, err := post(context.Background(), newClient(t, directly), url, "payload")
			require.Error(t, err)
			require.EqualValues(t, 1, conns.Load(), "the request was sent once")
			requireNoGoroutines(t)
		})
	}
}

func TestHeadersUpToTheLimitAreRead(t *testing.T) {
	const limit = 64 << 10
	for size, ok := range map[int]bool{limit / 2: true, 2 * limit: false} {
		url, _ := rawServer(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Long: ")
			_, _ = io.WriteString(c, strings.Repeat("x", size))
			_, _ = io.WriteString(c, "\r\n\r\n")
		})
		client := newClient(t, directly, func(c *transport.Config) { c.MaxResponseHeaderBytes = limit })
		_, _, err := post(context.Background(), client, url, "")
		require.Equal(t, ok, err == nil, "%d bytes: %v", size, err)
	}
}

func TestUnsolicitedBytesDoNotBecomeTheNextReply(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"and the end":     func(net.Conn) {},
		"and nothing yet": func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := rawServer(t, func(c net.Conn) {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
				end(c)
			})
			client := newClient(t, directly)
			for range 100 {
				_, body, err := post(context.Background(), client, url, "")
				require.NoError(t, err)
				require.Equal(t, "ok", body)
			}
		})
	}
}

func TestRequestThatWasSentIsNotSentAgain(t *testing.T) {
	var requests atomic.Int64
	srv := newServer(t, false, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if requests.Add(1) > 1 {
			panic(http.ErrAbortHandler) // the connection closes after the function may have run
		}
	}))
	client := srv.newClient(t)
	_, _, err := post(context.Background(), client, srv.URL, "x")
	require.NoError(t, err)
	var reused bool
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
	})
	_, _, err = post(ctx, client, srv.URL, "x")
	require.Error(t, err)
	require.True(t, reused)
	require.EqualValues(t, 2, requests.Load())
}
