package transport

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// maxReplays is how often a request is begun anew that failed with nothing sent. The connections of the pool that a
// server closed at the same moment are few, as net/http has thrown out those of the moment before.
const maxReplays = 3

// expectContinueTimeout is how long a body is held back for a caller who asks for it with Expect: 100-continue.
const expectContinueTimeout = time.Second

// roundTripper is net/http's transport with a gate in front of its dials.
type roundTripper struct {
	base  *http.Transport
	gate  *gate
	proxy func(*http.Request) (*url.URL, error)
}

func newRoundTripper(cfg Config) *roundTripper {
	d := newDialer(cfg)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &roundTripper{
		gate:  newGate(cfg.DialPatience),
		proxy: cfg.Proxy,
		base: &http.Transport{
			Proxy:                  proxyOf,
			DialContext:            d.dialTCP,
			DialTLSContext:         d.dialTLS,
			TLSClientConfig:        cfg.TLSConfig, // for TLS inside a proxy's tunnel
			TLSHandshakeTimeout:    max(cfg.TLSHandshakeTimeout, 0),
			Protocols:              protocols,
			DisableCompression:     true, // a compressed bomb stays small, and signatures and lengths stay true
			DisableKeepAlives:      cfg.MaxIdleConns < 0,
			MaxIdleConns:           cfg.MaxIdleConns,
			MaxIdleConnsPerHost:    cfg.MaxIdleConns,
			IdleConnTimeout:        max(cfg.IdleConnTimeout, 0),
			MaxResponseHeaderBytes: cfg.MaxResponseHeaderBytes,
			ExpectContinueTimeout:  expectContinueTimeout,
		},
	}
}

// proxyOf is asked by net/http before each attempt to get a connection for a request. The answer is known already;
// that it is asked is how the gate learns that the request waits for a connection again.
func proxyOf(req *http.Request) (*url.URL, error) {
	r := req.Context().Value(requestKey{}).(*request)
	r.conn = nil
	r.host.wait(r)
	return r.proxy, nil
}

// ReplaysOnlyUnsent says that a request is never begun anew after anything of it was sent. A caller who guards against
// repetition itself can rely on it.
func (t *roundTripper) ReplaysOnlyUnsent() bool { return true }

// CloseIdleConnections closes the connections that are not in use.
func (t *roundTripper) CloseIdleConnections() { t.base.CloseIdleConnections() }

// RoundTrip sends a request, and sends it again on another connection if nothing of it was sent on a connection that
// turned out to be closed.
func (t *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL == nil {
		return t.base.RoundTrip(req) // fails, as documented there
	}
	proxy, err := t.proxy(req)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	r := newRequest(req.Context(), proxy)
	t.gate.begin(r, keyOf(req.URL, proxy))
	out := req.WithContext(r)
	resp, err := t.base.RoundTrip(out)
	for replays := 0; err != nil && replays < maxReplays && r.unsent() && rewind(out, req); replays++ {
		resp, err = t.base.RoundTrip(out)
	}
	if err != nil {
		r.host.end(r)
		return nil, err
	}
	resp.Request = req
	switch resp.Body.(type) {
	case io.Writer:
		// 101 Switching Protocols: the connection stays the caller's. So does its place with the host.
	default:
		if resp.Body == http.NoBody {
			r.host.end(r)
			break
		}
		r.body = body{ReadCloser: resp.Body, request: r}
		resp.Body = &r.body
	}
	return resp, nil
}

// rewind gives out the body of req once more, and reports whether it could.
func rewind(out, req *http.Request) bool {
	if req.Body == nil || req.Body == http.NoBody {
		return true
	}
	if req.GetBody == nil {
		return false
	}
	again, err := req.GetBody()
	if err != nil {
		return false
	}
	out.Body = again
	return true
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// keyOf names the connections that a request can use, as net/http tells them apart: by default port, but not by case.
// Were two kinds of connection to share a name, a dial for one could be held back by the other.
func keyOf(u, proxy *url.URL) hostKey {
	key := hostKey{scheme: u.Scheme, addr: u.Host}
	switch u.Scheme {
	case "https":
		key.addr = strings.TrimSuffix(key.addr, ":443")
	case "http":
		key.addr = strings.TrimSuffix(key.addr, ":80")
	}
	if proxy != nil {
		key.proxy = proxy.String()
		if u.Scheme == "http" && (proxy.Scheme == "http" || proxy.Scheme == "https") {
			key.addr = "" // one connection to the proxy serves all hosts
		}
	}
	return key
}

type requestKey struct{}

// request is one RoundTrip. It is the request's context, the hooks into it and the body of its response, in one
// allocation, because all of it is needed every time.
type request struct {
	context.Context
	proxy  *url.URL
	host   *host
	caller *httptrace.ClientTrace // the caller's hooks, or nil
	trace  httptrace.ClientTrace  // the same, with ours
	body   body

	// Owned by the goroutine in RoundTrip.
	conn   *conn // nil until there is one
	reused bool
	start  int64 // what conn had written before this request

	// Guarded by the gate's mutex.
	waiting bool // for a connection
	ended   bool
}

func newRequest(ctx context.Context, proxy *url.URL) *request {
	r := &request{Context: ctx, proxy: proxy, caller: httptrace.ContextClientTrace(ctx)}
	if r.caller == nil {
		r.trace.GotConn = r.gotConn
		r.Context = httptrace.WithClientTrace(ctx, &r.trace)
		return r
	}
	// Not by WithClientTrace, which composes hooks by reflection, at dozens of allocations for each request. Value
	// shows ours in place of the caller's.
	r.trace = *r.caller
	r.trace.GotConn = r.gotConn
	return r
}

// Value makes r known below net/http, where the context is all that is left of a request.
func (r *request) Value(key any) any {
	if key == (requestKey{}) {
		return r
	}
	v := r.Context.Value(key)
	if trace, ok := v.(*httptrace.ClientTrace); ok && trace == r.caller {
		return &r.trace
	}
	return v
}

// gotConn is called by net/http in RoundTrip, before anything is written.
func (r *request) gotConn(info httptrace.GotConnInfo) {
	if c := unwrap(info.Conn); c != nil {
		r.conn, r.reused = c, info.Reused
		if info.Reused {
			c.arm()
		}
		r.start = c.BytesWritten()
	}
	r.host.served(r)
	if r.caller != nil && r.caller.GotConn != nil {
		r.caller.GotConn(info)
	}
}

// unsent reports whether the request failed without a byte of it having left, on a connection that had served before,
// and while the caller still waits. net/http notices most such cases itself, but not when the server closed the
// connection in the very moment of its being taken from the pool.
func (r *request) unsent() bool {
	return r.conn != nil && r.reused && r.conn.BytesWritten() == r.start && r.Err() == nil
}

// body ends the request when the response was read or closed.
type body struct {
	io.ReadCloser
	request *request
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.request.host.end(b.request)
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.request.host.end(b.request)
	return err
}
