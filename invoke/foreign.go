package invoke

import (
	"context"
	"crypto/tls"
	stderrors "errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// foreign observes a request that goes through net/http's own transport, by its
// trace hooks. The exchange's lock guards it.
type foreign struct {
	replay bool // net/http may begin this request anew where nothing was written
	cut    context.CancelCauseFunc

	asked     bool // the transport looked for a connection
	connected bool // and got one
	http1     bool // which speaks HTTP/1
	failed    bool // it reported that it could not write the request
	repeated  bool // it began the request anew although it may have left
}

var errRepeated = stderrors.New("the connection broke after the request had been sent; it is not sent again")

func (x *exchange) foreignRequest(ctx context.Context, req *smithyhttp.Request) *http.Request {
	x.foreign = new(foreign)
	ctx, x.foreign.cut = context.WithCancelCause(ctx)
	r := req.Request.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      x.getConn,
		GotConn:      x.gotConn,
		WroteRequest: x.wroteRequest,
	}))
	x.setBody(r)
	x.foreign.replay = x.setReplay(r)
	return r
}

// setReplay settles whether net/http may begin r anew, and reports it.
func (x *exchange) setReplay(r *http.Request) bool {
	r.GetBody = nil
	if hasAny(r.Header, "Idempotency-Key", "X-Idempotency-Key") {
		return false // with one of these, it would also do that to a request that was written
	}
	if len(x.payload) > 0 {
		r.GetBody = x.getBody
	}
	return true
}

func hasAny(h http.Header, names ...string) bool {
	for _, name := range names {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

// replaysUnsent reports whether a transport that starts over is known to have
// written nothing before. On HTTP/2 it may have: net/http also repeats a stream
// that the peer reset.
func (f *foreign) replaysUnsent() bool { return f != nil && f.replay && f.http1 }

// getBody serves a transport that starts over. It does so only where nothing
// of the first request can have arrived.
func (x *exchange) getBody() (io.ReadCloser, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.over:
		return nil, errOver
	case x.taken && !x.foreign.replaysUnsent():
		return nil, errRepeated
	case x.taken:
		x.taken, x.foreign.failed = false, false
	}
	return &payloadReader{exchange: x}, nil
}

func (x *exchange) getConn(string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.foreign
	if f.connected && !f.replaysUnsent() {
		f.repeat()
		return
	}
	f.asked, f.connected, f.failed = true, false, false
}

func (x *exchange) gotConn(info httptrace.GotConnInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.foreign
	if f.connected && !f.replaysUnsent() {
		f.repeat()
	}
	f.connected, f.http1 = true, speaksHTTP1(info.Conn)
}

// repeat notes that the request is begun anew, and ends that.
func (f *foreign) repeat() {
	f.repeated = true
	f.cut(errRepeated)
}

func speaksHTTP1(conn net.Conn) bool {
	encrypted, ok := conn.(*tls.Conn)
	return !ok || encrypted.ConnectionState().NegotiatedProtocol != "h2"
}

func (x *exchange) wroteRequest(info httptrace.WroteRequestInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.foreign.failed = info.Err != nil
}

// mayHaveLeft reports whether a request whose payload was taken, or which has
// none, may be on its way.
func (f *foreign) mayHaveLeft() bool {
	switch {
	case f.repeated, !f.asked:
		return true
	case !f.connected:
		return false
	}
	return !f.http1 || !f.failed
}

// plainTransport reports whether t is net/http's own transport, with HTTP/2 over
// TLS at most.
func plainTransport(t http.RoundTripper) bool {
	own, ok := t.(*http.Transport)
	return ok && (own.Protocols == nil || !own.Protocols.UnencryptedHTTP2())
}
