package invoketest_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// request is a signed request for function f, to be spoilt by a test.
type request struct {
	*http.Request
	body   []byte
	creds  sigv4.Credentials
	region string
	at     time.Time
}

func newRequest(t testing.TB, s *invoketest.Server, payload string) *request {
	t.Helper()
	creds, err := s.Options().Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	base, err := url.Parse(s.URL())
	require.NoError(t, err)
	base.Path, base.RawPath = wire.InvokePath("f")
	return &request{
		Request: &http.Request{Method: http.MethodPost, URL: base, Host: base.Host, Header: make(http.Header)},
		body:    []byte(payload),
		creds: sigv4.Credentials{
			AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey, SessionToken: creds.SessionToken,
		},
		region: s.Options().Region,
		at:     time.Now(),
	}
}

func (r *request) header(name, value string) *request { r.Header.Set(name, value); return r }

func (r *request) streamed() *request {
	r.URL.Path, r.URL.RawPath = wire.ResponseStreamPath("f")
	return r
}

func (r *request) sign(t testing.TB) *request {
	t.Helper()
	r.ContentLength = int64(len(r.body))
	var signer sigv4.Signer
	require.NoError(t, signer.Sign(r.Request, &r.creds, sigv4.PayloadHash(r.body), "lambda", r.region, r.at))
	return r
}

// bytes is the request as it is sent.
func (r *request) bytes(t testing.TB) []byte {
	t.Helper()
	r.ContentLength, r.Body = int64(len(r.body)), io.NopCloser(bytes.NewReader(r.body))
	var wire bytes.Buffer
	require.NoError(t, r.Write(&wire))
	return wire.Bytes()
}

// dial opens a socket to the server; TLS is up to here, if it is served.
func dial(t testing.TB, s *invoketest.Server) net.Conn {
	t.Helper()
	conn, err := tryDial(t, s)
	require.NoError(t, err)
	return conn
}

func tryDial(t testing.TB, s *invoketest.Server) (net.Conn, error) {
	t.Helper()
	addr, secure := strings.CutPrefix(s.URL(), "https://")
	conn, err := net.Dial("tcp", strings.TrimPrefix(addr, "http://"))
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second))) // a test that hangs should say where
	if secure {
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		return tls.Client(conn, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}), nil
	}
	return conn, nil
}

// exchange sends a request on a socket and reads what comes until its end,
// whose error is nil if it came in order.
func exchange(t testing.TB, s *invoketest.Server, r *request) (received string, end error) {
	t.Helper()
	conn, err := tryDial(t, s)
	if err != nil {
		return "", err // a reset can come that early
	}
	if _, err := conn.Write(r.bytes(t)); err != nil {
		return "", err
	}
	all, err := io.ReadAll(conn)
	return string(all), err
}

// leave sends part of a request and no more, and reads what comes until its end.
func leave(t testing.TB, s *invoketest.Server, part []byte) (received string, end error) {
	t.Helper()
	conn := dial(t, s)
	_, err := conn.Write(part)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	all, err := io.ReadAll(conn)
	return string(all), err
}

// post sends a request and returns the reply whole.
func post(t testing.TB, s *invoketest.Server, r *request) (*http.Response, string) {
	t.Helper()
	r.ContentLength, r.Body = int64(len(r.body)), io.NopCloser(bytes.NewReader(r.body))
	resp, err := s.Options().HTTPClient.Do(r.WithContext(t.Context()))
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

// readHead reads a reply up to its body.
func readHead(t testing.TB, conn net.Conn) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}
