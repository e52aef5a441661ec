package invoke

import (
	"context"
	"crypto/tls"
	stderrors "errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// foreign observes a request on its way through an HTTP client that is not
// package transport's, by net/http's trace hooks. What they tell is believed of a
// plain *http.Transport alone, and of that as long as no other request calls them:
// a dial function may make some, in the context it is given. The exchange's lock
// guards it.
type foreign struct {
	believed bool
	replay   bool // net/http begins this request anew only where nothing of it was written
	cut      context.CancelCauseFunc

	addr    string // where the request connects to, as the first hook said
	waiting bool   // for a connection to there
	got     int    // connections
	http2   bool   // one of them speaks HTTP/2, which repeats streams that the peer reset
	failed  int    // writings of a request that failed
	wrote   bool   // one that succeeded
	again   bool   // the request was begun anew although it may have left
}

var errRepeated = stderrors.New("the connection broke after the request had been sent; it is not sent again")

func (x *exchange) foreignRequest(ctx context.Context, req *smithyhttp.Request) *http.Request {
	if x.watch == watchForeign || len(x.payload) == 0 {
		ctx = x.hook(ctx, req.Header)
	}
	r := req.Request.WithContext(ctx)
	// Some clients add headers to what they are given, a cookie jar's for one. The
	// next attempt must not find and sign them.
	r.Header = maps.Clone(r.Header)
	x.setBody(r)
	r.GetBody = nil
	if len(x.payload) > 0 {
		r.GetBody = x.getBody
	}
	return r
}

// hook has the request's hooks called for ctx. Without a payload, whose second
// reading can be refused, they are also what keeps any client on top of net/http
// from sending the request twice.
func (x *exchange) hook(ctx context.Context, header http.Header) context.Context {
	f := &foreign{
		believed: x.watch == watchForeign,
		// With one of these, it also begins a request anew that was written.
		replay: !hasAny(header, "Idempotency-Key", "X-Idempotency-Key"),
	}
	x.foreign = f
	ctx, f.cut = context.WithCancelCause(ctx)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      x.getConn,
		GotConn:      x.gotConn,
		WroteRequest: x.wroteRequest,
	})
}

func hasAny(h http.Header, names ...string) bool {
	for _, name := range names {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

// mayRepeat reports whether a client that begins the request anew is known to have
// sent nothing that the service could act on. The caller holds the lock.
func (x *exchange) mayRepeat() bool {
	if len(x.payload) > 0 && !x.taken {
		return true
	}
	f := x.foreign
	return f != nil && f.believed && f.replay && f.got > 0 && !f.http2 && !f.wrote
}

// getBody serves a client that starts over.
func (x *exchange) getBody() (io.ReadCloser, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.over:
		return nil, errOver
	case !x.mayRepeat():
		return nil, errRepeated
	}
	x.taken = false
	return &payloadReader{exchange: x}, nil
}

func (x *exchange) getConn(addr string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.foreign
	switch {
	case f.addr == "":
		f.addr = addr
	case f.addr != addr: // another request
		f.believed = false
		return
	case f.got > 0 && !x.mayRepeat():
		f.again = true
		f.cut(errRepeated)
		return
	}
	f.waiting = true
}

func (x *exchange) gotConn(info httptrace.GotConnInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.foreign
	http1 := speaksHTTP1(info.Conn)
	f.http2 = f.http2 || !http1
	if f.again && http1 && info.Conn != nil {
		info.Conn.Close() // what is written before the end of the context is noticed must not arrive
	}
	if !f.waiting { // another request's
		f.believed = false
		return
	}
	f.waiting = false
	f.got++
}

func speaksHTTP1(conn net.Conn) bool {
	encrypted, ok := conn.(*tls.Conn)
	return !ok || encrypted.ConnectionState().NegotiatedProtocol != "h2"
}

func (x *exchange) wroteRequest(info httptrace.WroteRequestInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if info.Err != nil {
		x.foreign.failed++
	} else {
		x.foreign.wrote = true
	}
}

// mayHaveLeft reports whether a request whose payload was taken, or which has
// none, may be on its way. A writing that failed was not completed.
func (f *foreign) mayHaveLeft() bool {
	switch {
	case !f.believed, f.addr == "", f.again, f.http2, f.wrote:
		return true
	}
	return f.got > f.failed
}

// plainTransport reports whether t is net/http's own transport, with HTTP/2 over
// TLS at most. What else was registered with it, the hooks tell.
func plainTransport(t http.RoundTripper) bool {
	own, ok := t.(*http.Transport)
	return ok && (own.Protocols == nil || !own.Protocols.UnencryptedHTTP2())
}

// unredirected is a transport whose replies lead nowhere. A client on top of it
// would ask for the payload again before it asks whether to follow a redirect, and
// would fail on a Location that it cannot parse.
type unredirected struct{ http.RoundTripper }

func (t unredirected) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if resp != nil && resp.Header != nil && resp.StatusCode/100 == 3 {
		resp.Header.Del("Location")
	}
	return resp, err
}
