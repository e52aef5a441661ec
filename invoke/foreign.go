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

// foreign observes a request that goes through an HTTP client which is not
// package transport's, by net/http's trace hooks. A client that keeps neither
// to the hooks nor to one sending per request is believed only as far as the
// payload proves it. The exchange's lock guards it.
type foreign struct {
	trusted   bool // see config.replayTrusted
	asked     bool // the transport looked for a connection
	connected bool // and got one
	failed    bool // it reported that it could not write the request
	repeated  bool // it may have sent the request before, behind our back
	conn      writeCounter
	written   int64 // by conn, before this request
}

// writeCounter is implemented by the connections of package transport, which a
// client of the caller's may well have inside.
type writeCounter interface{ BytesWritten() int64 }

var errRepeated = stderrors.New("the connection broke after the request had been sent; it is not sent again")

func (x *exchange) foreignRequest(ctx context.Context, req *smithyhttp.Request) *http.Request {
	r := req.Request.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      x.getConn,
		GotConn:      x.gotConn,
		WroteRequest: x.wroteRequest,
	}))
	x.setBody(r)
	r.GetBody = nil
	if len(x.payload) > 0 && !hasAny(r.Header, "Idempotency-Key", "X-Idempotency-Key") {
		r.GetBody = x.getBody
	}
	return r
}

// getBody serves a transport that starts over. It does so only where nothing
// of the first request can have arrived.
func (x *exchange) getBody() (io.ReadCloser, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		return nil, errOver
	}
	if !x.foreign.trusted && x.mayHaveLeft() {
		return nil, errRepeated
	}
	x.taken, x.foreign.failed = false, false
	return &payloadReader{exchange: x}, nil
}

func (x *exchange) getConn(string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.foreign
	if f.asked && !f.trusted && x.mayHaveLeft() {
		f.repeated = true
	}
	f.asked, f.connected, f.failed, f.conn = true, false, false, nil
}

func (x *exchange) gotConn(info httptrace.GotConnInfo) {
	counter := counterOf(info.Conn)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.foreign.connected, x.foreign.conn = true, counter
	if counter != nil {
		x.foreign.written = counter.BytesWritten()
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
	x.foreign.failed = info.Err != nil
}

// mayHaveLeft reports whether a request whose payload was taken may be on its
// way.
func (f *foreign) mayHaveLeft() bool {
	switch {
	case f.asked && !f.connected, !f.asked && f.trusted:
		return false
	case f.failed:
		return false
	case f.conn != nil:
		return f.conn.BytesWritten() > f.written
	}
	return true
}
