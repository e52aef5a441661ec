package transport

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
)

// Transport sends requests over a pool of connections of its own. It is an [http.RoundTripper]; its method Do makes it
// an HTTP client as well, the smallest there is: it has no cookies, no timeout and follows no redirect. Make one with
// [New]. It is safe for concurrent use, and must not be copied.
type Transport struct {
	cfg  Config
	pool *pool
}

// New returns a transport for requests that stay silent for fifteen minutes, and for hundreds of them at once. The
// functions change its [Config], in order; without any, the defaults hold. One transport for each process is right: it is
// what makes connections shared.
func New(optFns ...func(*Config)) *Transport {
	var cfg Config
	for _, fn := range optFns {
		fn(&cfg)
	}
	cfg = cfg.withDefaults()
	d := &dialer{cfg: cfg}
	return &Transport{cfg: cfg, pool: newPool(&cfg, d.dial)}
}

// Do is RoundTrip.
func (t *Transport) Do(req *http.Request) (*http.Response, error) { return t.RoundTrip(req) }

// CloseIdleConnections closes the connections that are not in use.
func (t *Transport) CloseIdleConnections() { t.pool.closeIdle() }

// RoundTrip sends a request once. It is sent again only where not a byte of it was written, on a connection that had been
// in use before.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.send(&exchange{req: req, progress: new(attempt.Progress)})
}

// RoundTripPayload is RoundTrip for a request without a Body, whose payload lies in memory and has the request's
// ContentLength. It fills in how far the request came. Nothing reads payload any more when it returned an error, or when
// the response's body ended or was closed. It is for package invoke.
func (t *Transport) RoundTripPayload(req *http.Request, payload []byte, progress *attempt.Progress) (*http.Response, error) {
	return t.send(&exchange{req: req, payload: payload, progress: progress})
}

func (t *Transport) send(x *exchange) (*http.Response, error) {
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
func (t *Transport) sendOn(x *exchange) (*http.Response, error) {
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
func (t *Transport) prepare(x *exchange) error {
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
func (t *Transport) connect(x *exchange) error {
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
