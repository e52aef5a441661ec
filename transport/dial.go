package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// dialer opens connections: TCP, the way through a proxy, TLS.
type dialer struct {
	cfg Config
}

// dial opens a connection for the requests of a route.
func (d *dialer) dial(ctx context.Context, p *pool, to route) (*conn, error) {
	if to.proxy != nil {
		return d.dialThroughProxy(ctx, p, to)
	}
	addr, err := dialAddr(to.url)
	if err != nil {
		return nil, err
	}
	w, err := d.dialTCP(ctx, addr)
	if err != nil {
		return nil, err
	}
	return d.finish(ctx, p, to, w, w)
}

// finish does TLS with the host where its scheme asks for it.
func (d *dialer) finish(ctx context.Context, p *pool, to route, w *wire, stream net.Conn) (*conn, error) {
	if to.scheme == "https" {
		secured, err := d.handshake(ctx, stream, to.url.Hostname())
		if err != nil {
			w.Close()
			return nil, err
		}
		stream = secured
	}
	return newConn(p, w, stream, nil), nil
}

func (d *dialer) dialTCP(ctx context.Context, addr string) (*wire, error) {
	c, err := d.cfg.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, ownTimeout(err)
	}
	return newWire(c), nil
}

// handshake does TLS with a host, or with a proxy, over what leads to it.
func (d *dialer) handshake(ctx context.Context, over net.Conn, name string) (*tls.Conn, error) {
	trace := httptrace.ContextClientTrace(ctx)
	if trace != nil && trace.TLSHandshakeStart != nil {
		trace.TLSHandshakeStart()
	}
	secured, err := d.handshakeWithin(ctx, over, name)
	if trace != nil && trace.TLSHandshakeDone != nil {
		var state tls.ConnectionState
		if err == nil {
			state = secured.ConnectionState()
		}
		trace.TLSHandshakeDone(state, err)
	}
	return secured, err
}

func (d *dialer) handshakeWithin(ctx context.Context, over net.Conn, name string) (*tls.Conn, error) {
	cfg := d.cfg.TLSConfig
	if cfg.ServerName == "" {
		ascii, err := asciiHost(name)
		if err != nil {
			return nil, err
		}
		cfg = cfg.Clone()
		cfg.ServerName = ascii
	}
	ctx, cancel := within(ctx, d.cfg.TLSHandshakeTimeout, over, "no TLS handshake")
	defer cancel()
	secured := tls.Client(over, cfg)
	if err := secured.HandshakeContext(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return secured, nil
}

// within bounds what is done over a connection before it can be used. t is negative for no bound.
func within(ctx context.Context, t time.Duration, over net.Conn, what string) (context.Context, context.CancelFunc) {
	if t < 0 {
		return context.WithCancel(ctx)
	}
	timeout := &timeoutError{fmt.Sprintf("%s within %v", what, t)}
	err := &net.OpError{Op: "dial", Net: "tcp", Source: over.LocalAddr(), Addr: over.RemoteAddr(), Err: timeout}
	return context.WithTimeoutCause(ctx, t, err)
}

// timeoutError is a timeout of the client's own. It is not context.DeadlineExceeded, which says of an error that the
// caller's context ended the call.
type timeoutError struct{ text string }

func (e *timeoutError) Error() string   { return e.text }
func (e *timeoutError) Timeout() bool   { return true }
func (e *timeoutError) Temporary() bool { return true }

// ownTimeout replaces the timeout of package net, which is context.DeadlineExceeded too.
func ownTimeout(err error) error {
	var op *net.OpError
	if !errors.Is(err, context.DeadlineExceeded) || !errtree.As(err, &op) {
		return err
	}
	own := *op
	own.Err = &timeoutError{op.Err.Error()}
	return &own
}
