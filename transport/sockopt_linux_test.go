package transport_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// sockopts are the TCP options of a connection that a request went over.
type sockopts struct {
	KeepAlive, Idle, Interval, Count, UserTimeout, NoDelay int
}

func readSockopts(t *testing.T, client *http.Client, url string) (got sockopts) {
	t.Helper()
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			conn := info.Conn
			if c, ok := conn.(*tls.Conn); ok {
				conn = c.NetConn()
			}
			raw, err := conn.(syscall.Conn).SyscallConn()
			require.NoError(t, err)
			get := func(fd uintptr, level, opt int) int {
				v, err := syscall.GetsockoptInt(int(fd), level, opt)
				require.NoError(t, err)
				return v
			}
			require.NoError(t, raw.Control(func(fd uintptr) {
				got = sockopts{
					KeepAlive:   get(fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE),
					Idle:        get(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE),
					Interval:    get(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL),
					Count:       get(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT),
					UserTimeout: get(fd, syscall.IPPROTO_TCP, 0x12),
					NoDelay:     get(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY),
				}
			}))
		},
	})
	_, _, err := post(ctx, client, url, "")
	require.NoError(t, err)
	return got
}

func TestSocketsHaveTheDocumentedOptions(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		srv := newServer(t, secure, http.NotFoundHandler())
		plain, err := net.Dial("tcp", srv.Listener.Addr().String()) // what the system has without us
		require.NoError(t, err)
		defer plain.Close()

		require.Equal(t, sockopts{KeepAlive: 1, Idle: 30, Interval: 15, Count: 4, UserTimeout: 90_000, NoDelay: 1},
			readSockopts(t, srv.newClient(t), srv.URL))

		require.Equal(t, sockopts{KeepAlive: 1, Idle: 2, Interval: 1, Count: 3, UserTimeout: 5_000, NoDelay: 1},
			readSockopts(t, srv.newClient(t, func(c *transport.Config) {
				c.KeepAliveIdle, c.KeepAliveInterval, c.KeepAliveCount = 1500*time.Millisecond, time.Second, 3
			}), srv.URL))

		off := readSockopts(t, srv.newClient(t, func(c *transport.Config) { c.KeepAliveIdle = -1 }), srv.URL)
		require.Zero(t, off.KeepAlive)
		require.Zero(t, off.UserTimeout)

		partly := readSockopts(t, srv.newClient(t, func(c *transport.Config) { c.KeepAliveCount = -1 }), srv.URL)
		require.Equal(t, 1, partly.KeepAlive)
		require.Equal(t, 30, partly.Idle)
		require.Zero(t, partly.UserTimeout)
	})
}
