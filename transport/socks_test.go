package transport_test

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// socksProxy is a SOCKS 5 proxy that sends everything to one place, and remembers what it was asked for.
type socksProxy struct {
	addr     string
	password string // wanted; "" for none
	code     byte   // of its answer
	asked    chan string
}

func newSocksProxy(t *testing.T, to string, p socksProxy) *socksProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	p.addr, p.asked = l.Addr().String(), make(chan string, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				p.serve(c, to)
			}()
		}
	}()
	return &p
}

func (p *socksProxy) serve(c net.Conn, to string) {
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(c, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	methods := read(int(read(2)[1]))
	method := byte(0)
	if p.password != "" {
		method = 0xff
		for _, m := range methods {
			if m == 2 {
				method = m
			}
		}
	}
	_, _ = c.Write([]byte{5, method})
	if method == 0xff {
		return
	}
	if method == 2 {
		name := read(int(read(2)[1]))
		password := read(int(read(1)[0]))
		if string(name)+":"+string(password) != p.password {
			_, _ = c.Write([]byte{1, 1})
			return
		}
		_, _ = c.Write([]byte{1, 0})
	}
	var host string
	switch read(4)[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 4:
		host = net.IP(read(16)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	}
	port := read(2)
	p.asked <- net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1])))
	_, _ = c.Write([]byte{5, p.code, 0, 3, 4, 'h', 'o', 's', 't', 0, 80})
	if p.code != 0 {
		return
	}
	up, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer up.Close()
	go func() { _, _ = io.Copy(up, c); up.Close() }()
	_, _ = io.Copy(c, up)
}

func TestRequestsGoThroughASOCKSProxy(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
		port := "80"
		if secure {
			port = "443"
		}
		for _, tc := range []struct {
			name, scheme, host string
			user               *url.Userinfo
			proxy              socksProxy
			asked              string
			refused            string
		}{
			{"a name", "socks5", "service.example", nil, socksProxy{}, "service.example:" + port, ""},
			{"socks5h", "socks5h", "service.example", nil, socksProxy{}, "service.example:" + port, ""},
			{"IPv4 and a port", "socks5", "192.0.2.1:8080", nil, socksProxy{}, "192.0.2.1:8080", ""},
			{"IPv6", "socks5", "[2001:db8::1]", nil, socksProxy{}, "[2001:db8::1]:" + port, ""},
			{"a password", "socks5", "service.example", url.UserPassword("me", "secret"), socksProxy{password: "me:secret"}, "service.example:" + port, ""},
			{"a password that is not wanted", "socks5", "service.example", url.UserPassword("me", "secret"), socksProxy{}, "service.example:" + port, ""},
			{"a wrong password", "socks5", "service.example", url.UserPassword("me", "wrong"), socksProxy{password: "me:secret"}, "", "credentials"},
			{"no password", "socks5", "service.example", nil, socksProxy{password: "me:secret"}, "", "credentials"},
			{"not allowed", "socks5", "service.example", nil, socksProxy{code: 2}, "", "not allowed"},
			{"unreachable", "socks5", "service.example", nil, socksProxy{code: 4}, "", "unreachable"},
			{"an unknown code", "socks5", "service.example", nil, socksProxy{code: 99}, "", "99"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				proxy := newSocksProxy(t, srv.Listener.Addr().String(), tc.proxy)
				client := srv.newClient(t, func(c *transport.Config) {
					if c.TLSConfig != nil {
						c.TLSConfig.ServerName = "example.com"
					}
					c.Proxy = http.ProxyURL(&url.URL{Scheme: tc.scheme, Host: proxy.addr, User: tc.user})
				})
				scheme := "http://"
				if secure {
					scheme = "https://"
				}
				for range 2 {
					_, body, err := post(t.Context(), client, scheme+tc.host, "x")
					if tc.refused != "" {
						var refused *errors.ProxyError
						require.ErrorAs(t, err, &refused)
						require.ErrorContains(t, err, tc.refused)
						require.Equal(t, tc.proxy.code < 3, refused.Refused)
						require.NotContains(t, err.Error(), "wrong")
						return
					}
					require.NoError(t, err)
					require.Equal(t, "x", body)
				}
				require.Equal(t, tc.asked, <-proxy.asked)
				require.Empty(t, proxy.asked, "one connection serves both requests")
			})
		}
	})
}

func FuzzSOCKSAnswers(f *testing.F) {
	f.Add([]byte{5, 0, 5, 0, 0, 1, 127, 0, 0, 1, 0, 80})
	f.Add([]byte{5, 2, 1, 0, 5, 0, 0, 3, 1, 'x', 0, 80})
	f.Add([]byte{5, 0, 5, 1, 0, 9})
	f.Add([]byte{4, 90})
	f.Fuzz(func(t *testing.T, answer []byte) {
		here, there := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		go func() {
			_, _ = there.Write(answer)
			there.Close()
		}()
		client := transport.NewClient(func(c *transport.Config) {
			c.Proxy = http.ProxyURL(&url.URL{Scheme: "socks5", Host: "proxy.example", User: url.UserPassword("me", "secret")})
			c.DialContext = dialing(here)
		})
		_, _, err := post(t.Context(), client, "http://host.example", "x")
		if err == nil {
			return // the rest was a reply
		}
		require.NotContains(t, err.Error(), "secret")
	})
}
