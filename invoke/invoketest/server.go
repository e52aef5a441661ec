package invoketest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// Server is the endpoint. Make one with [NewServer]. Its methods are safe for
// concurrent use, and everything but Config can be changed while it serves.
type Server struct {
	tb       testing.TB // may be nil
	config   Config
	url      string
	http     *http.Server
	listener *listener
	client   *http.Client

	certificate *x509.Certificate // nil without TLS

	keys        keyring
	clockOffset atomic.Int64 // nanoseconds
	functions   registry
	faults      faults
	limits      limiter
	journal     journal
	running     tracker // functions
	serving     tracker // requests
	executions  executions

	// base is what the contexts of functions end with, closing what waits that
	// are nobody's work, such as scripted delays, end with.
	base      context.Context
	endBase   context.CancelFunc
	closing   context.Context
	endWaits  context.CancelFunc
	served    sync.WaitGroup
	closeOnce sync.Once
}

// NewServer starts a server, by default on a free port of the loopback interface. With a tb
// it closes itself when the test ends, and fails the test where a function does
// not end with it; with a nil tb the caller calls [Server.Close].
//
// It panics if it cannot listen there, as nothing can be tested then.
func NewServer(tb testing.TB, optFns ...func(*Config)) *Server {
	if tb != nil {
		tb.Helper()
	}
	var cfg Config
	for _, fn := range optFns {
		fn(&cfg)
	}
	cfg = cfg.withDefaults()

	s := &Server{tb: tb, config: cfg}
	s.base, s.endBase = context.WithCancel(context.Background())
	s.closing, s.endWaits = context.WithCancel(context.Background())
	s.clockOffset.Store(int64(cfg.ClockOffset))
	if s.keys.current = cfg.Credentials; cfg.Credentials.AccessKeyID == "" {
		s.keys.rotate(cfg.SessionToken)
	}
	s.limits.configure(cfg)
	s.journal.configure(cfg)
	s.start()
	if tb != nil {
		tb.Cleanup(s.Close)
	}
	return s
}

func (s *Server) start() {
	tcp, err := net.Listen("tcp", s.config.Address)
	if err != nil {
		panic(fmt.Sprintf("invoketest: cannot listen on %s: %v", s.config.Address, err))
	}
	s.listener = &listener{Listener: tcp, closing: s.closing}
	s.http = &http.Server{
		Handler:     http.HandlerFunc(s.serve),
		ConnContext: s.journal.numberConnection,
		BaseContext: func(net.Listener) context.Context { return s.base },
		ErrorLog:    log.New(io.Discard, "", 0), // broken connections are what it is for
	}
	var serving net.Listener = s.listener
	s.url = "http://" + tcp.Addr().String()
	if s.config.TLS {
		certificate := newCertificate()
		s.certificate = certificate.Leaf
		serving = tls.NewListener(serving, &tls.Config{
			Certificates: []tls.Certificate{certificate},
			NextProtos:   []string{"http/1.1"},
		})
		s.url = "https://" + tcp.Addr().String()
	}
	s.client = transport.NewClient(func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
		if s.certificate != nil {
			roots := x509.NewCertPool()
			roots.AddCert(s.certificate)
			c.TLSConfig = &tls.Config{RootCAs: roots}
		}
	})
	s.served.Go(func() { _ = s.http.Serve(serving) })
}

// URL is the server's address, such as "http://127.0.0.1:49152".
func (s *Server) URL() string { return s.url }

// Certificate is what a client has to trust, nil without [Config.TLS].
func (s *Server) Certificate() *x509.Certificate { return s.certificate }

// Options returns the options of a client that calls this server: its region,
// credentials and address, and an HTTP client that all callers share and that
// Close rids of its connections.
func (s *Server) Options() invoke.Options {
	return invoke.Options{
		Region:       s.config.Region,
		Credentials:  invoke.CredentialsProviderFunc(s.keys.retrieve),
		BaseEndpoint: s.url,
		HTTPClient:   s.client,
	}
}

// Wait returns when no function is running, which is how a test waits for the
// events it sent. Its error is that of ctx.
func (s *Server) Wait(ctx context.Context) error { return s.running.wait(ctx) }

// Close stops the server. It gives functions that run, those of events
// included, [Config.Grace] to finish, then ends their contexts and all
// connections; a function that even then does not return within as long again
// fails the test. Scripted delays end at once. Calls after the first do
// nothing.
func (s *Server) Close() { s.closeOnce.Do(s.close) }

func (s *Server) close() {
	s.endWaits()
	_ = s.listener.Close()
	s.waitFor(&s.running)

	s.endBase()
	s.client.CloseIdleConnections()
	_ = s.http.Close()
	s.served.Wait()
	left := s.waitFor(&s.serving, &s.running)
	if left != nil && s.tb != nil {
		s.tb.Helper()
		s.tb.Errorf("invoketest: still running when the server closed: %s", strings.Join(left, ", "))
	}
}

// waitFor waits until nothing runs, and returns the names of what still does
// after the grace, nil if there is none.
func (s *Server) waitFor(trackers ...*tracker) (left []string) {
	ctx, cancel := context.WithTimeout(context.Background(), s.config.Grace)
	defer cancel()
	for _, t := range trackers {
		if t.wait(ctx) != nil {
			left = t.names()
		}
	}
	return left
}
