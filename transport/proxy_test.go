package transport_test

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// guarded is a proxy that wants a name and a password.
func guarded(t *testing.T, secure bool) *server {
	proxy := newProxy(t)
	open := proxy.Config.Handler
	proxy.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("me:se:cret")) {
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		open.ServeHTTP(w, r)
	})
	proxy.start(secure)
	return proxy
}

func TestAProxyThatWantsCredentialsGetsThem(t *testing.T) {
	for _, proxyScheme := range []string{"http", "https"} {
		t.Run(proxyScheme+" proxy", func(t *testing.T) {
			schemes(t, func(t *testing.T, secure bool) {
				srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Header.Get("Proxy-Authorization") != "" {
						w.WriteHeader(http.StatusTeapot)
					}
					_, _ = io.WriteString(w, "hello")
				}))
				proxy := guarded(t, proxyScheme == "https")
				through := func(user *url.Userinfo) *http.Client {
					u, err := url.Parse(proxy.URL)
					require.NoError(t, err)
					u.User = user
					client := srv.newClient(t, func(c *transport.Config) {
						if c.TLSConfig == nil {
							proxy.trust(c)
						}
						c.Proxy = http.ProxyURL(u)
					})
					return client
				}
				status, body, err := post(t.Context(), through(url.UserPassword("me", "se:cret")), srv.URL, "x")
				require.NoError(t, err)
				require.Equal(t, 200, status)
				require.Equal(t, "hello", body)

				status, _, err = post(t.Context(), through(url.UserPassword("me", "wrong")), srv.URL, "x")
				if !secure { // the proxy's answer is the request's
					require.NoError(t, err)
					require.Equal(t, http.StatusProxyAuthRequired, status)
					return
				}
				var refused *errors.ProxyError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, http.StatusProxyAuthRequired, refused.StatusCode)
				require.True(t, refused.Refused)
				require.Equal(t, proxy.Listener.Addr().String(), refused.Proxy)
				require.NotContains(t, err.Error(), "wrong")
			})
		})
	}
}

func TestAProxyThatCannotReachTheHostIsAnError(t *testing.T) {
	proxy := newProxy(t)
	proxy.start(false)
	client := newClient(t, func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	})
	_, _, err := post(t.Context(), client, "https://127.0.0.1:1", "x")
	var failed *errors.ProxyError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, http.StatusBadGateway, failed.StatusCode)
	require.False(t, failed.Refused)
	require.False(t, errors.MayHaveExecuted(failed))
}

func TestAProxyOfAnUnknownKindIsAnError(t *testing.T) {
	client := newClient(t, func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("gopher://127.0.0.1:1") }
	})
	_, _, err := post(t.Context(), client, "https://127.0.0.1:1", "x")
	require.ErrorContains(t, err, `unsupported proxy scheme "gopher"`)
}

func TestAProxyThatAnswersHostilelyIsAnError(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing":        "",
		"half an answer": "HTTP/1.1 200 OK\r\n",
		"too much":       "HTTP/1.1 200 OK\r\n\r\nand more than was asked for",
		"not HTTP":       "SSH-2.0\r\n\r\n",
		"endless":        "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 600<<10) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			proxy, conns := rawServer(t, func(c net.Conn) { _, _ = io.WriteString(c, answer) })
			client := newClient(t, func(c *transport.Config) {
				c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
			})
			_, _, err := post(t.Context(), client, "https://host.invalid", "x")
			require.Error(t, err)
			require.EqualValues(t, 1, conns.Load())
		})
	}
}

func TestASilentProxyEndsWithTheConnectTimeout(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	for _, scheme := range []string{"http", "socks5"} {
		client := newClient(t, func(c *transport.Config) {
			c.ConnectTimeout = 50_000_000
			c.Proxy = http.ProxyURL(&url.URL{Scheme: scheme, Host: silent.Addr().String()})
		})
		_, _, err = post(t.Context(), client, "https://host.invalid", "x")
		require.ErrorContains(t, err, "no answer from the proxy within 50ms")
		require.NotErrorIs(t, err, context.DeadlineExceeded)
	}
}

// The environment is read once a process, so each case has one of its own.
func TestTheEnvironmentNamesTheProxy(t *testing.T) {
	const child = "TRANSPORT_TEST_DIALED"
	if target := os.Getenv(child); target != "" {
		client := transport.NewClient(func(c *transport.Config) {
			c.DialContext = func(_ context.Context, _, addr string) (net.Conn, error) { return nil, errors.New("dialed " + addr) }
		})
		_, _, err := post(t.Context(), client, target, "x")
		os.Stdout.WriteString(err.Error())
		os.Exit(0)
	}
	for _, tc := range []struct{ target, env, want string }{
		{"https://service.example", "HTTPS_PROXY=http://proxy.example:3128", "proxy.example:3128"},
		{"http://service.example", "HTTPS_PROXY=http://proxy.example:3128", "service.example:80"},
		{"http://service.example", "HTTP_PROXY=http://proxy.example", "proxy.example:80"},
		{"https://service.example", "HTTPS_PROXY=socks5://proxy.example", "proxy.example:1080"},
		{"https://service.example", "HTTPS_PROXY=https://proxy.example", "proxy.example:443"},
		{"https://service.example", "HTTPS_PROXY=http://proxy.example NO_PROXY=.example", "service.example:443"},
		{"https://service.example:8443", "HTTPS_PROXY=http://proxy.example NO_PROXY=other.example", "proxy.example:80"},
		{"https://b\u00fccher.example", "", "xn--bcher-kva.example:443"},
		{"https://[::1]", "", "[::1]:443"},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append([]string{child + "=" + tc.target}, strings.Fields(tc.env)...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err)
		require.Contains(t, string(out), "dialed "+tc.want, "%+v", tc)
	}
}
