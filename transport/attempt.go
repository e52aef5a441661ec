package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// Attempt observes one request on its way through a client of this package, for a caller who has to know of a failed
// one whether it can have reached the peer. Its zero value is ready. It serves one RoundTrip of the client's Transport
// (see [Observes]) and must not be copied.
//
//	var attempt transport.Attempt
//	resp, err := client.Transport.RoundTrip(req.WithContext(attempt.Context(ctx)))
//	if err != nil && !attempt.MayHaveLeft() {
//		// nothing of req was sent
//	}
type Attempt struct{ request request }

// Context returns the context to send the request with, which is ctx with the attempt in it. It comes last: add values,
// hooks and deadlines to ctx.
func (a *Attempt) Context(ctx context.Context) context.Context {
	a.request.begin(ctx)
	return &a.request
}

// Body returns a request body of b, which must not change before the body was read. net/http sends it together with the
// head of the request where both fit into one write, which it does with no other body; and package transport needs no
// GetBody to send it again. It is for the request of this Attempt.
func (a *Attempt) Body(b []byte) io.ReadCloser {
	r := &a.request
	r.memory.Reset(b)
	r.inMemory = true
	return io.NopCloser(&r.memory)
}

// BodyTaken reports whether what [Attempt.Body] returned was read to its end. It is meant for after RoundTrip returned
// an error.
func (a *Attempt) BodyTaken() bool { return a.request.memory.Len() == 0 }

// Connected reports whether the request was observed to get a connection. It is meant for after RoundTrip returned.
func (a *Attempt) Connected() bool { return a.request.connected }

// MayHaveLeft reports whether anything of the request may have been handed to the operating system to send. Its false is
// a guarantee; it is true where the attempt did not observe. It is meant for after RoundTrip returned an error.
func (a *Attempt) MayHaveLeft() bool {
	r := &a.request
	if !r.taken.Load() || r.astray.Load() {
		return true
	}
	if !r.connected {
		return false
	}
	return r.conn == nil || r.conn.BytesWritten() != r.start
}

// Observes reports whether t is the Transport of a client of this package, which an [Attempt] can observe.
func Observes(t http.RoundTripper) bool {
	_, ok := t.(*roundTripper)
	return ok
}

// Rewinder is a request's Body that can be read from its start again. A request that failed with nothing sent, on a
// connection that the server had closed, is then sent again on another one without a GetBody, which costs a closure for
// each request. (net/http itself knows GetBody only.)
type Rewinder interface {
	io.ReadCloser
	// Start is called when a RoundTrip begins, before anything is read.
	Start()
	// Rewind is called when the RoundTrip sent nothing so far, and nothing reads the body any more.
	Rewind()
}

type requestKey struct{}

// request is one RoundTrip. It is the request's context, the hooks into it and the body of its response, in one
// allocation, because all of it is needed every time.
type request struct {
	context.Context // nil before it is begun
	proxy           *url.URL
	host            *host
	caller          *httptrace.ClientTrace // the caller's hooks, or nil
	trace           httptrace.ClientTrace  // the same, with ours
	body            body                   // of the response
	memory          bytes.Reader           // the body of the request, if it is inMemory
	inMemory        bool
	taken           atomic.Bool // by the RoundTrip that it is
	astray          atomic.Bool // another RoundTrip had to do without it

	// Owned by the goroutine in RoundTrip.
	connected bool
	conn      *conn // nil until there is one of ours
	reused    bool
	start     int64 // what conn had written before this request

	// Guarded by the gate's mutex.
	waiting bool // for a connection
	ended   bool
}

// attemptOf returns the attempt that req is part of, and the request to send with it as its context.
func attemptOf(req *http.Request) (*request, *http.Request) {
	ctx := req.Context()
	if r, ok := ctx.(*request); ok && r.taken.CompareAndSwap(false, true) {
		return r, req // a caller's Attempt, in its first use
	}
	if other, ok := ctx.Value(requestKey{}).(*request); ok {
		other.astray.Store(true)
	}
	r := new(request)
	r.begin(ctx)
	return r, req.WithContext(r)
}

func (r *request) begin(ctx context.Context) {
	r.Context, r.caller = ctx, httptrace.ContextClientTrace(ctx)
	if r.caller != nil {
		r.trace = *r.caller
	}
	r.trace.GotConn = r.gotConn
}

// Value makes r known below net/http, where the context is all that is left of a request, and shows our hooks in place
// of the caller's. (httptrace.WithClientTrace would compose them by reflection, at dozens of allocations a request.)
func (r *request) Value(key any) any {
	switch {
	case key == (requestKey{}):
		return r
	case r.host != nil && key == r.host.gate.traceKey:
		return &r.trace
	}
	return r.Context.Value(key)
}

// keyOfTrace finds out by which key contexts know a [httptrace.ClientTrace].
func keyOfTrace() any {
	asked := keyRecorder{Context: context.Background()}
	httptrace.ContextClientTrace(&asked)
	return asked.key
}

// keyRecorder is a context that remembers what it was asked for last.
type keyRecorder struct {
	context.Context
	key any
}

func (r *keyRecorder) Value(key any) any {
	r.key = key
	return nil
}

// gotConn is called by net/http in RoundTrip, before anything is written.
func (r *request) gotConn(info httptrace.GotConnInfo) {
	r.connected = true
	if c := unwrap(info.Conn); c != nil {
		r.conn, r.reused = c, info.Reused
		if info.Reused {
			c.arm(c.reader.idle(r))
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
func (r *request) unsent() bool { return r.untouched() && r.Err() == nil }

// untouched reports whether the request has a connection that had served before, and not a byte of it has left there.
func (r *request) untouched() bool {
	return r.conn != nil && r.reused && r.conn.BytesWritten() == r.start
}
