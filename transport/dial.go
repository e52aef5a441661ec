package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"sync"
)

// dialer opens the connections of a client, when the gate lets it.
type dialer struct {
	cfg     Config
	buffers sync.Pool
}

func newDialer(cfg Config) *dialer {
	d := &dialer{cfg: cfg}
	d.buffers.New = func() any {
		b := make([]byte, copyBufferSize)
		return &b
	}
	return d
}

// dialTCP opens a connection for plain http, or for what goes through a proxy.
func (d *dialer) dialTCP(ctx context.Context, network, addr string) (net.Conn, error) {
	return d.dial(ctx, network, addr, func(_ context.Context, c *conn) (net.Conn, error) { return c, nil })
}

// dialTLS opens a connection and does the handshake, which net/http would do otherwise: here the gate sees it, and it
// ends when no request wants the connection any more.
func (d *dialer) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	name, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	tunnels := ctx.Value(requestKey{}).(*request).tunnels()
	return d.dial(ctx, network, addr, func(ctx context.Context, c *conn) (net.Conn, error) {
		secured, err := d.tracedHandshake(ctx, c, name)
		switch {
		case err != nil:
			return nil, err
		case tunnels:
			return tunnelEntry{secured}, nil
		}
		return secured, nil
	})
}

func (d *dialer) dial(ctx context.Context, network, addr string, secure func(context.Context, *conn) (net.Conn, error)) (net.Conn, error) {
	r := ctx.Value(requestKey{}).(*request)
	h := r.host
	ctx, cancel := context.WithCancel(dialContext{ctx, r})
	defer cancel()
	attempt := &dial{request: r, cancel: cancel}
	if err := h.admit(ctx, attempt); err != nil {
		return nil, err
	}
	var c *conn
	defer func() { h.finished(attempt, c) }()
	tcp, err := d.cfg.DialContext(ctx, network, addr)
	if err != nil {
		return nil, ownTimeout(err)
	}
	w := newConn(tcp, h, &d.buffers)
	secured, err := secure(ctx, w)
	if err != nil {
		w.Close()
		return nil, err
	}
	c = w
	return secured, nil
}

// dialContext is the context of a dial without the request that the dial is for: the caller's values, and the caller's
// own hooks. What runs with it may make requests itself, as discovery, DNS over HTTPS and tunnels do, and those must not
// be taken for this one.
type dialContext struct {
	context.Context
	request *request
}

func (c dialContext) Value(key any) any {
	if key == (requestKey{}) || key == c.request.host.gate.traceKey {
		return c.request.Context.Value(key)
	}
	return c.Context.Value(key)
}

// tunnelEntry is the TLS connection to a proxy. It hides from net/http what it is, which would call the hooks for a
// handshake that it takes for its own.
type tunnelEntry struct{ *tls.Conn }

// tracedHandshake calls the caller's hooks around the handshake.
func (d *dialer) tracedHandshake(ctx context.Context, c *conn, name string) (*tls.Conn, error) {
	trace := httptrace.ContextClientTrace(ctx)
	if trace != nil && trace.TLSHandshakeStart != nil {
		trace.TLSHandshakeStart()
	}
	secured, err := d.handshake(ctx, c, name)
	if trace != nil && trace.TLSHandshakeDone != nil {
		var state tls.ConnectionState
		if err == nil {
			state = secured.ConnectionState()
		}
		trace.TLSHandshakeDone(state, err)
	}
	return secured, err
}

func (d *dialer) handshake(ctx context.Context, c *conn, name string) (*tls.Conn, error) {
	cfg := d.cfg.TLSConfig
	if cfg.ServerName == "" {
		cfg = cfg.Clone()
		cfg.ServerName = name
	}
	if t := d.cfg.TLSHandshakeTimeout; t > 0 {
		timeout := &timeoutError{fmt.Sprintf("no TLS handshake within %v", t)}
		err := &net.OpError{Op: "dial", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: timeout}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t, err)
		defer cancel()
	}
	secured := tls.Client(c, cfg)
	if err := secured.HandshakeContext(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return secured, nil
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
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &op) {
		return err
	}
	own := *op
	own.Err = &timeoutError{op.Err.Error()}
	return &own
}
