package transport

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
)

// roundTripper sends requests over the connections of a pool.
type roundTripper struct {
	cfg  Config
	pool *pool
}

var _ attempt.Transport = (*roundTripper)(nil)

func newRoundTripper(cfg Config) *roundTripper {
	d := &dialer{cfg: cfg}
	return &roundTripper{cfg: cfg, pool: newPool(&cfg, d.dial)}
}

// CloseIdleConnections closes the connections that are not in use.
func (t *roundTripper) CloseIdleConnections() { t.pool.closeIdle() }

// RoundTrip sends a request once. It is sent again only where not a byte of it was written, on a connection that had been
// in use before.
func (t *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.send(&exchange{req: req, progress: new(attempt.Progress)})
}

// RoundTripPayload is RoundTrip for a payload in memory; see [attempt.Transport].
func (t *roundTripper) RoundTripPayload(req *http.Request, payload []byte, progress *attempt.Progress) (*http.Response, error) {
	return t.send(&exchange{req: req, payload: payload, progress: progress})
}

func (t *roundTripper) send(x *exchange) (*http.Response, error) {
	req := x.req
	resp, err := t.sendOn(x)
	if err != nil {
		closeBody(x.req)
		return nil, err
	}
	resp.Request = req
	return resp, nil
}

// sendOn sends the request on a connection, and on another one where nothing of it was written. The stack of a call
// that waits holds this frame, so what comes before has one of its own.
func (t *roundTripper) sendOn(x *exchange) (*http.Response, error) {
	if err := t.prepare(x); err != nil {
		return nil, err
	}
	for {
		if err := t.connect(x); err != nil {
			return nil, err
		}
		resp, err := x.run()
		if err == nil {
			return resp, nil
		}
		if !x.isUntouched(err) || !x.rewind() {
			return nil, err
		}
	}
}

// prepare finds out where the request goes.
//
//go:noinline
func (t *roundTripper) prepare(x *exchange) error {
	if err := validate(x.req); err != nil {
		return err
	}
	ctx := x.req.Context()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	proxy, err := t.cfg.Proxy(x.req)
	if err != nil {
		return err
	}
	x.to = route{destination: destinationOf(x.req.URL, proxy), url: x.req.URL, proxy: proxy}
	x.trace = httptrace.ContextClientTrace(ctx)
	x.maxHead, x.keep = t.cfg.MaxResponseHeaderBytes, t.cfg.MaxIdleConns >= 0
	return nil
}

// connect gets a connection, and tells the caller's hooks.
//
//go:noinline
func (t *roundTripper) connect(x *exchange) error {
	trace := x.trace
	if trace != nil && trace.GetConn != nil {
		u := x.to.url
		if x.to.proxy != nil {
			u = x.to.proxy
		}
		if addr, err := dialAddr(u); err == nil {
			trace.GetConn(addr)
		}
	}
	c, err := t.pool.get(x.req.Context(), &x.to)
	if err != nil {
		return err
	}
	x.conn = c
	x.progress.Connected = true
	if trace != nil && trace.GotConn != nil {
		info := httptrace.GotConnInfo{Conn: c.stream, Reused: c.served, WasIdle: !c.idleSince.IsZero()}
		if info.WasIdle {
			info.IdleTime = time.Since(c.idleSince)
		}
		trace.GotConn(info)
	}
	return nil
}
