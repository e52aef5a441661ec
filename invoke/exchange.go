package invoke

import (
	"context"
	"crypto/tls"
	stderrors "errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// exchange observes how much of one request left, so that a failure can be
// placed before or after the moment from which the function may run. The
// service runs nothing before it has the whole payload. So:
//
//   - A payload whose last byte the transport never took cannot have arrived.
//     The body handed to the transport counts what it takes, and the exchange
//     shuts it in the same moment in which it judges.
//   - Without a connection, or on one to which nothing was written, nothing
//     arrived. The transport's trace hooks and package transport's connections
//     tell.
//
// Everything else may have arrived. An HTTP client that keeps neither to the
// hooks nor to one sending per request is believed only as far as the payload
// proves it.
type exchange struct {
	trusted bool // see config.replayTrusted
	hooks   httptrace.ClientTrace
	body    payloadReader // the first one; a replay gets another
	out     smithyhttp.Response

	mu        sync.Mutex
	payload   []byte
	over      bool // nothing may be read any more
	asked     bool // the transport looked for a connection
	connected bool // and got one
	taken     bool // it took the whole payload
	failed    bool // it reported that it could not write the request
	repeated  bool // it may have sent the request before, behind our back
	conn      writeCounter
	written   int64 // by conn, before this request
}

// writeCounter is implemented by the connections of package transport.
type writeCounter interface{ BytesWritten() int64 }

var (
	errOver     = stderrors.New("the attempt is over")
	errRepeated = stderrors.New("the connection broke after the request had been sent; it is not sent again")
)

// start readies a zero exchange for an attempt to send payload.
func (x *exchange) start(payload []byte, trusted bool) {
	x.payload, x.trusted = payload, trusted
	x.body.exchange = x
	x.hooks.GetConn = x.getConn
	x.hooks.GotConn = x.gotConn
	x.hooks.WroteRequest = x.wroteRequest
}

// request returns the HTTP request to send.
func (x *exchange) request(ctx context.Context, req *smithyhttp.Request) *http.Request {
	r := req.Request.WithContext(httptrace.WithClientTrace(ctx, &x.hooks))
	r.ContentLength = int64(len(x.payload))
	// These headers tell net/http that a request may be sent again although
	// it may have arrived. A body that cannot be had twice prevents that.
	unrepeatable := hasAny(r.Header, "Idempotency-Key", "X-Idempotency-Key")
	r.Body, r.GetBody = http.NoBody, nil
	if len(x.payload) > 0 || unrepeatable {
		r.Body = &x.body
	}
	if len(x.payload) > 0 && !unrepeatable {
		r.GetBody = x.getBody
	}
	return r
}

func hasAny(h http.Header, names ...string) bool {
	for _, name := range names {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

// getBody serves a transport that starts over. It does so only where nothing
// of the first request can have arrived.
func (x *exchange) getBody() (io.ReadCloser, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		return nil, errOver
	}
	if !x.trusted && x.mayHaveLeft() {
		return nil, errRepeated
	}
	x.taken, x.failed = false, false
	return &payloadReader{exchange: x}, nil
}

func (x *exchange) getConn(string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.asked && !x.trusted && x.mayHaveLeft() {
		x.repeated = true
	}
	x.asked, x.connected, x.failed, x.conn = true, false, false, nil
}

func (x *exchange) gotConn(info httptrace.GotConnInfo) {
	counter := counterOf(info.Conn)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.connected, x.conn = true, counter
	if counter != nil {
		x.written = counter.BytesWritten()
	}
}

// counterOf finds the counting connection under conn, which is above the
// encryption where there is one.
func counterOf(conn net.Conn) writeCounter {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	counter, _ := conn.(writeCounter)
	return counter
}

func (x *exchange) wroteRequest(info httptrace.WroteRequestInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failed = info.Err != nil
}

// stage ends the exchange and tells how far the request got.
func (x *exchange) stage() errors.Stage {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	switch {
	case x.mayHaveLeft():
		return errors.StageAwait
	case x.connected:
		return errors.StageSend
	default:
		return errors.StageConnect
	}
}

// mayHaveLeft reports whether the whole request may be on its way. The caller
// holds the lock.
func (x *exchange) mayHaveLeft() bool {
	switch {
	case x.repeated:
		return true
	case len(x.payload) > 0 && !x.taken:
		return false
	case x.asked && !x.connected, !x.asked && x.trusted:
		return false
	case x.failed:
		return false
	case x.conn != nil:
		return x.conn.BytesWritten() > x.written
	}
	return true
}

// end lets go of the payload, which is the caller's again.
func (x *exchange) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	x.payload = nil
}

// payloadReader is a request body that reports to its exchange.
type payloadReader struct {
	exchange *exchange
	offset   int
	drained  bool
}

func (r *payloadReader) Read(p []byte) (int, error) {
	x := r.exchange
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over && !r.drained {
		return 0, errOver
	}
	if x.over || r.offset == len(x.payload) {
		// Over or not, a payload that was read whole has an end: a transport may
		// look for it after the response has begun, and would break off a stream
		// for an error.
		return 0, io.EOF
	}
	n := copy(p, x.payload[r.offset:])
	r.offset += n
	if r.offset == len(x.payload) {
		x.taken, r.drained = true, true
	}
	return n, nil
}

func (*payloadReader) Close() error { return nil }
