package servers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/servers"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// certificate writes a certificate for the loopback address, and its key, into dir.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return roots
}

func newClient(t *testing.T, server *invoketest.Server, base string, configure func(*transport.Config)) *invoke.Client {
	t.Helper()
	opts := server.Options()
	if base != "" {
		opts.BaseEndpoint = base
	}
	own := transport.NewClient(func(c *transport.Config) { c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil } }, configure)
	t.Cleanup(own.CloseIdleConnections)
	opts.HTTPClient = own
	client, err := invoke.New(opts)
	require.NoError(t, err)
	return client
}

func TestNginxThatClosesAndReloadsUnderLoad(t *testing.T) {
	server, f := endpoint(t)
	var roots *x509.CertPool
	nginx := servers.Start(t, "nginx", func(addr, dir string) string {
		roots = certificate(t, dir)
		return fmt.Sprintf(`
daemon off;
user root;
pid %[2]s/pid;
error_log stderr warn;
worker_processes 2;
events { worker_connections 512; }
http {
	access_log off;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	server {
		listen %[1]s ssl;
		ssl_certificate %[2]s/cert.pem;
		ssl_certificate_key %[2]s/key.pem;
		keepalive_requests 10;
		keepalive_timeout 1s;
		location / {
			proxy_pass %[3]s;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection "";
			proxy_next_upstream off;
		}
	}
}`, addr, dir, server.URL())
	}, func(_, file string) []string { return []string{"-c", file, "-p", filepath.Dir(file)} })
	client := newClient(t, server, "https://"+nginx.Addr, func(c *transport.Config) { c.TLSConfig = &tls.Config{RootCAs: roots} })

	require.Zero(t, f.load(t, client, 0), "keepalive_requests is announced: no call is lost")
	require.LessOrEqual(t, f.load(t, client, 150*time.Millisecond), callers*each/100, "keepalive_timeout is not, and seldom crosses with a request")

	stop := make(chan struct{})
	reloading := make(chan struct{})
	go func() {
		defer close(reloading)
		for {
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Millisecond):
				nginx.Signal(t, syscall.SIGHUP)
			}
		}
	}()
	lost := f.load(t, client, 20*time.Millisecond)
	close(stop)
	<-reloading
	require.LessOrEqual(t, lost, callers*each/20, "only what a worker that leaves closes while a request is on its way")
}

func TestHAProxyThatClosesIdleConnectionsEarly(t *testing.T) {
	server, f := endpoint(t)
	haproxy := servers.Start(t, "haproxy", func(addr, _ string) string {
		return fmt.Sprintf(`
defaults
	mode http
	timeout connect 5s
	timeout client 30s
	timeout server 30s
	timeout http-request 10s
	timeout http-keep-alive 20ms
frontend in
	bind %s
	default_backend out
backend out
	server endpoint %s
`, addr, strings.TrimPrefix(server.URL(), "http://"))
	}, func(_, file string) []string { return []string{"-db", "-f", file} })
	client := newClient(t, server, "http://"+haproxy.Addr, func(*transport.Config) {})
	for _, pause := range []time.Duration{0, 60 * time.Millisecond} {
		require.LessOrEqual(t, f.load(t, client, pause), callers*each/50, "a close may cross with a request on its way")
	}
}

func TestTinyproxyOpensTunnels(t *testing.T) {
	for name, password := range map[string]string{"without a password": "", "with a password": "BasicAuth me secret\n"} {
		t.Run(name, func(t *testing.T) {
			server, f := endpoint(t, func(c *invoketest.Config) { c.TLS = true })
			tinyproxy := servers.Start(t, "tinyproxy", func(addr, _ string) string {
				_, port, _ := net.SplitHostPort(addr)
				return "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nMaxClients 200\nLogLevel Error\nAllow 127.0.0.1\n" + password
			}, func(_, file string) []string { return []string{"-d", "-c", file} })
			through := func(user *url.Userinfo) *invoke.Client { return proxied(t, server, "http", tinyproxy.Addr, user) }
			require.Zero(t, f.load(t, through(url.UserPassword("me", "secret")), 0))
			if password == "" {
				return
			}
			_, err := through(url.UserPassword("me", "wrong")).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			var refused *errors.ProxyError
			require.ErrorAs(t, err, &refused)
			require.True(t, refused.Refused)
			require.Contains(t, []int{http.StatusProxyAuthRequired, http.StatusUnauthorized}, refused.StatusCode)
			require.False(t, errors.MayHaveExecuted(err))
			require.NotContains(t, err.Error(), "wrong")
		})
	}
}

func TestMicrosocksOpensTunnels(t *testing.T) {
	for name, password := range map[string][]string{"without a password": nil, "with a password": {"-u", "me", "-P", "secret"}} {
		t.Run(name, func(t *testing.T) {
			server, f := endpoint(t, func(c *invoketest.Config) { c.TLS = true })
			microsocks := servers.Start(t, "microsocks", nil, func(addr, _ string) []string {
				host, port, _ := net.SplitHostPort(addr)
				return append([]string{"-i", host, "-p", port}, password...)
			})
			through := func(user *url.Userinfo) *invoke.Client { return proxied(t, server, "socks5", microsocks.Addr, user) }
			require.Zero(t, f.load(t, through(url.UserPassword("me", "secret")), 0))
			if password == nil {
				return
			}
			for _, user := range []*url.Userinfo{nil, url.UserPassword("me", "wrong")} {
				_, err := through(user).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
				var refused *errors.ProxyError
				require.ErrorAs(t, err, &refused)
				require.True(t, refused.Refused)
				require.False(t, errors.MayHaveExecuted(err))
			}
		})
	}
}

// proxied returns a client that trusts the endpoint and goes through a proxy.
func proxied(t *testing.T, server *invoketest.Server, scheme, addr string, user *url.Userinfo) *invoke.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return newClient(t, server, "", func(c *transport.Config) {
		c.TLSConfig = &tls.Config{RootCAs: roots}
		c.Proxy = http.ProxyURL(&url.URL{Scheme: scheme, Host: addr, User: user})
	})
}
