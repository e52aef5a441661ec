// Package capture is an HTTP endpoint that keeps every request as it arrived.
package capture

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Request is one request as the endpoint received it.
type Request struct {
	Method           string
	URI              string // the request target, byte for byte
	Host             string
	Header           http.Header
	ContentLength    int64 // -1 when the body came in chunks
	TransferEncoding []string
	Body             []byte
}

// Signed returns the names that the Authorization header lists as signed, as they stand there.
func (r Request) Signed() []string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	names, _, _ := strings.Cut(rest, ",")
	return strings.Split(names, ";")
}

// Credential returns the scope that the Authorization header names: key, day, region, service.
func (r Request) Credential() string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	scope, _, _ := strings.Cut(rest, ",")
	return scope
}

// HeaderNames returns the names of all headers, sorted.
func (r Request) HeaderNames() []string {
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Server answers every request with the same reply and keeps what it got.
type Server struct {
	URL string

	server *httptest.Server

	mu       sync.Mutex
	requests []Request
}

// Start is New for a test. The server ends with tb.
func Start(tb testing.TB, reply http.HandlerFunc) *Server {
	s := New(reply)
	tb.Cleanup(s.Close)
	return s
}

// New starts a server that answers with reply; nil answers 200 with an empty JSON object.
func New(reply http.HandlerFunc) *Server {
	if reply == nil {
		reply = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }
	}
	s := &Server{}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a request that did not arrive whole is none; the client sees the connection end
		}
		s.mu.Lock()
		s.requests = append(s.requests, Request{
			Method: r.Method, URI: r.RequestURI, Host: r.Host, Header: r.Header.Clone(),
			ContentLength: r.ContentLength, TransferEncoding: r.TransferEncoding, Body: body,
		})
		s.mu.Unlock()
		reply(w, r)
	}))
	s.URL = s.server.URL
	return s
}

// Close ends the server.
func (s *Server) Close() { s.server.Close() }

// Take returns the requests received since the last Take.
func (s *Server) Take() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.requests
	s.requests = nil
	return taken
}
