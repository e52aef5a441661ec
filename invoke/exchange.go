package invoke

import (
	"bytes"
	"context"
	stderrors "errors"
	"io"
	"net/http"
	"sync"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// exchange observes how much of one request left, so that a failure can be
// placed before or after the moment from which the function may run. The
// service runs nothing before it has the whole payload. So:
//
//   - A payload whose last byte the transport never took cannot have arrived.
//     The body handed to the transport counts what it takes, and the exchange
//     shuts it in the same moment in which it judges.
//   - Without a connection, or on one to which nothing was written, nothing
//     arrived. Package transport tells; of net/http's own, [foreign] finds out
//     what it can; other HTTP clients are not believed.
//
// Everything else may have arrived.
type exchange struct {
	watch   watch
	attempt transport.Attempt // where watch is watchAttempt
	foreign *foreign          // where watch is watchForeign
	small   bool              // the payload goes with the head, from a copy
	streams bool              // the response outlives the exchange
	body    payloadReader
	out     smithyhttp.Response

	mu      sync.Mutex
	payload []byte
	begun   bool // the transport began to read the payload
	taken   bool // and took all of it
	over    bool // nothing may be read any more
}

// smallPayload is the size, in bytes, up to which a payload is copied, so that
// it can be sent in one write with the head of the request. A larger one does
// not fit into net/http's buffer with it, and is read where it lies.
const smallPayload = 2 << 10

var errOver = stderrors.New("the attempt is over")

// watch is how a request is watched, which depends on the HTTP client.
type watch int

const (
	watchPayload watch = iota // by what is read of the payload alone
	watchAttempt              // by package transport
	watchForeign              // by net/http's trace hooks
)

// watchOf returns how to watch requests that go through rt.
func watchOf(rt http.RoundTripper) watch {
	switch {
	case transport.Observes(rt):
		return watchAttempt
	case plainTransport(rt):
		return watchForeign
	}
	return watchPayload
}

// start readies a zero exchange for an attempt to send payload.
func (x *exchange) start(payload []byte, w watch) {
	x.payload, x.watch = payload, w
	x.body.exchange = x
}

// request returns the HTTP request to send.
func (x *exchange) request(ctx context.Context, req *smithyhttp.Request) *http.Request {
	if x.watch != watchAttempt {
		return x.foreignRequest(ctx, req)
	}
	r := req.Request.WithContext(x.attempt.Context(ctx))
	x.setBody(r)
	if n := len(x.payload); 0 < n && n <= smallPayload {
		x.small = true
		r.Body = x.attempt.Body(bytes.Clone(x.payload))
	}
	// Without a GetBody, net/http sends nothing twice. Package transport does
	// where nothing was sent, by rewinding the body.
	r.GetBody = nil
	return r
}

func (x *exchange) setBody(r *http.Request) {
	r.ContentLength = int64(len(x.payload))
	r.Body = http.NoBody
	if len(x.payload) > 0 {
		r.Body = &x.body
	}
}

// stage ends the exchange and tells how far the request got.
func (x *exchange) stage() errors.Stage {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	switch {
	case x.mayHaveLeft():
		return errors.StageAwait
	case x.connected():
		return errors.StageSend
	default:
		return errors.StageConnect
	}
}

// mayHaveLeft reports whether the whole request may be on its way. The caller
// holds the lock.
func (x *exchange) mayHaveLeft() bool {
	switch {
	case x.watch == watchAttempt && !x.attempt.MayHaveLeft():
		return false
	case len(x.payload) > 0 && !x.payloadTaken():
		return false
	case x.watch == watchForeign:
		return x.foreign.mayHaveLeft()
	}
	return true
}

func (x *exchange) payloadTaken() bool {
	if x.small {
		return x.attempt.BodyTaken()
	}
	return x.taken
}

func (x *exchange) connected() bool {
	switch x.watch {
	case watchForeign:
		return x.foreign.got > 0
	case watchAttempt:
		return x.attempt.Connected()
	}
	return x.begun // which needs one
}

// drop gives up what is left of a response that is no success. Where middleware
// refused it, nobody else would.
func (x *exchange) drop() {
	if resp := x.out.Response; resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
}

// end lets go of the payload, which is the caller's again.
func (x *exchange) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	x.payload = nil
	if x.foreign != nil && !x.streams {
		x.foreign.cut(nil) // frees what its context holds; of a stream, the caller's does
	}
}

// payloadReader is a request body that reports to its exchange.
type payloadReader struct {
	exchange *exchange
	offset   int
	ended    bool
}

var _ transport.Rewinder = (*payloadReader)(nil)

func (r *payloadReader) Read(p []byte) (int, error) {
	x := r.exchange
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.ended {
		// Also when it is over: net/http looks for an end behind the last
		// byte, and may be late with it when the reply was quick.
		return 0, io.EOF
	}
	if x.over {
		return 0, errOver
	}
	x.begun = true
	n := copy(p, x.payload[r.offset:])
	r.offset += n
	if r.offset == len(x.payload) {
		x.taken, r.ended = true, true
		if n == 0 {
			return 0, io.EOF
		}
	}
	return n, nil
}

// Start is called by package transport at the beginning of a RoundTrip. There is
// more than one where a client on top of it tries by itself, and not after the
// payload has left.
func (r *payloadReader) Start() {
	x := r.exchange
	x.mu.Lock()
	defer x.mu.Unlock()
	r.offset, r.ended = 0, false
	x.over = x.over || x.taken
}

// Rewind is called by package transport when a RoundTrip sent nothing so far.
func (r *payloadReader) Rewind() {
	x := r.exchange
	x.mu.Lock()
	defer x.mu.Unlock()
	r.offset, r.ended = 0, false
	x.taken = x.taken && x.over
}

func (*payloadReader) Close() error { return nil }
