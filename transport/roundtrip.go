package transport

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

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

// errRepeated ends a request that net/http would begin anew although something of it was sent.
var errRepeated = errors.New("transport: the connection broke after the request had been sent; it is not sent again")

// proxyOf is asked by net/http before each attempt to get a connection for a request. The answer is known already;
// that it is asked is how the gate learns that the request waits for a connection again.
func proxyOf(req *http.Request) (*url.URL, error) {
	r := req.Context().Value(requestKey{}).(*request)
	if r.connected && (r.conn == nil || r.conn.BytesWritten() != r.start) {
		// Not after a failed write: net/http deems the request idempotent, for a header of it.
		return nil, errRepeated
	}
	r.conn, r.connected = nil, false
	r.host.wait(r)
	return r.proxy, nil
}

// CloseIdleConnections closes the connections that are not in use.
func (t *roundTripper) CloseIdleConnections() { t.base.CloseIdleConnections() }

// RoundTrip sends a request, and sends it again on another connection if nothing of it was sent on a connection that
// turned out to be closed.
func (t *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	r, out := attemptOf(req)
	if req.URL == nil {
		return t.base.RoundTrip(req) // fails, as documented there
	}
	proxy, err := t.proxy(req)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	r.proxy = proxy
	if body, ok := req.Body.(Rewinder); ok {
		body.Start()
	}
	t.gate.begin(r, keyOf(req.URL, proxy))
	if !r.tunnels() {
		// They are called where the handshake is done. net/http would call them again, for one that is over.
		r.trace.TLSHandshakeStart, r.trace.TLSHandshakeDone = nil, nil
	}
	resp, err := t.send(r, out)
	// Each round takes a dead connection out of the pool, and a new one is not tried twice: it ends.
	for err != nil && err != errUnasked && r.unsent() {
		if out = r.rewound(out, req); out == nil {
			break
		}
		resp, err = t.send(r, out)
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

// errUnasked is the error of a request whose connection had bytes of an earlier one. Nothing of it was sent, nor will be; but
// net/http may not be done with its body, so it is not for RoundTrip to send it again.
var errUnasked = errors.New("transport: the server sent a reply before there was a request")

// send sends a request by net/http, and refuses what it takes for the reply to one of which nothing was sent.
func (t *roundTripper) send(r *request, out *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(out)
	if err == nil && r.untouched() {
		resp.Body.Close()
		return nil, errUnasked
	}
	return resp, err
}

// tunnels reports whether net/http does the handshake with the host, in a proxy's tunnel.
func (r *request) tunnels() bool { return r.proxy != nil && r.host.key.scheme == "https" }

// rewound returns the request to send once more, out with the body of req from its start, or nil if that cannot be had.
func (r *request) rewound(out, req *http.Request) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		return out
	}
	body := req.Body
	if again, ok := body.(Rewinder); ok {
		again.Rewind()
	} else if r.inMemory {
		r.memory.Seek(0, io.SeekStart)
	} else if req.GetBody == nil {
		return nil
	} else {
		var err error
		if body, err = req.GetBody(); err != nil {
			return nil
		}
	}
	once := *out
	once.Body = body
	return &once
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
