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

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// A custom HTTP client does not say how far a request came. The library derives it
// from what it can see: the service cannot have acted on a request if the client did
// not read the whole payload, or if the error proves that there was no connection.
// Any other request may have run the function. The client can read a whole payload
// only once, so that it cannot send the request twice.

var (
	errAttemptOver = stderrors.New("the attempt is over")
	errRepeated    = stderrors.New("the connection broke after the request had been sent; it is not sent again")
	errNothing     = stderrors.New("the HTTP client returned neither a response nor an error")
)

// customBody is the payload of a request that a custom HTTP client sends.
type customBody struct {
	mu       sync.Mutex
	payload  []byte
	started  bool // the client has begun to read it
	consumed bool // the client has read all of it
	closed   bool // the attempt is over: nothing more may be read
	first    bodyReader
}

// fill gives r its body.
func (b *customBody) fill(r *http.Request) {
	r.ContentLength = int64(len(b.payload))
	r.Body, r.GetBody = http.NoBody, nil
	if len(b.payload) > 0 {
		b.first.body = b
		r.Body = &b.first
		r.GetBody = b.getBody
	}
}

// getBody returns the payload from its start, for a client that sends the request
// again. It fails once the client has read the whole payload.
func (b *customBody) getBody() (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return nil, errAttemptOver
	case b.consumed:
		return nil, errRepeated
	}
	return &bodyReader{body: b}, nil
}

// progress ends the body and returns how far the request came that failed.
// unconnected says that the error proves that there was no connection.
func (b *customBody) progress(unconnected bool) attempt.Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	whole := (len(b.payload) == 0 || b.consumed) && !unconnected
	return attempt.Progress{Connected: b.started && !unconnected || whole, AllWritten: whole}
}

func (b *customBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.payload = nil
}

// bodyReader reads the payload from its start.
type bodyReader struct {
	body   *customBody
	offset int
	ended  bool
}

func (r *bodyReader) Read(p []byte) (int, error) {
	b := r.body
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.ended {
		// Also after the attempt: net/http reads until io.EOF, and after a quick reply
		// it may do so late.
		return 0, io.EOF
	}
	if b.closed {
		return 0, errAttemptOver
	}
	b.started = true
	n := copy(p, b.payload[r.offset:])
	r.offset += n
	if r.offset == len(b.payload) {
		b.consumed, r.ended = true, true
		if n == 0 {
			return 0, io.EOF
		}
	}
	return n, nil
}

func (*bodyReader) Close() error { return nil }

// sendsOnce reports whether the HTTP client is known to send a request at most
// once, so that a connect error proves that it was not sent at all. net/http's own
// transport sends again only where nothing was written, unless a header declares
// the request idempotent.
func (cfg *config) sendsOnce(h http.Header) bool {
	_, key := h["Idempotency-Key"]
	_, xkey := h["X-Idempotency-Key"]
	return cfg.plain && !key && !xkey
}

// isConnectError reports whether err says that there was no connection to send a
// request on.
func isConnectError(err error) bool {
	var op *net.OpError
	var lookup *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errtree.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect"):
		return true
	case errtree.As(err, &lookup), errtree.As(err, &certificate):
		return true
	}
	return false
}

// sendOnce keeps a custom HTTP client from sending a request without a payload
// twice. (With a payload, [customBody] does it.) It is the context of the request,
// with hooks that net/http's transport calls.
type sendOnce struct {
	context.Context
	cancel context.CancelFunc
	key    any // of a context's hooks
	caller *httptrace.ClientTrace
	hooks  httptrace.ClientTrace

	mu        sync.Mutex
	connected bool
	repeated  bool
}

func newSendOnce(ctx context.Context) (context.Context, *sendOnce) {
	o := &sendOnce{key: hooksKey(), caller: httptrace.ContextClientTrace(ctx)}
	o.Context, o.cancel = context.WithCancel(ctx)
	if o.caller != nil {
		o.hooks = *o.caller
	}
	o.hooks.GetConn, o.hooks.GotConn = o.getConn, o.gotConn
	return o, o
}

// Value shows the hooks in place of the caller's, which they call.
// (httptrace.WithClientTrace would do it by reflection, which every program
// would have to link.)
func (o *sendOnce) Value(key any) any {
	if key == o.key {
		return &o.hooks
	}
	return o.Context.Value(key)
}

// getConn is called when a connection is wanted. Once there was one, the request
// may have been sent.
func (o *sendOnce) getConn(addr string) {
	o.mu.Lock()
	if o.connected {
		o.repeated = true
		o.cancel()
	}
	o.mu.Unlock()
	if o.caller != nil && o.caller.GetConn != nil {
		o.caller.GetConn(addr)
	}
}

func (o *sendOnce) gotConn(info httptrace.GotConnInfo) {
	o.mu.Lock()
	o.connected = true
	if o.repeated && info.Conn != nil && !speaksHTTP2(info.Conn) {
		info.Conn.Close() // the transport may write before it notices that the context has ended
	}
	o.mu.Unlock()
	if o.caller != nil && o.caller.GotConn != nil {
		o.caller.GotConn(info)
	}
}

func speaksHTTP2(conn net.Conn) bool {
	encrypted, ok := conn.(*tls.Conn)
	return ok && encrypted.ConnectionState().NegotiatedProtocol == "h2"
}

// explain returns the error to report. A nil o changes nothing.
func (o *sendOnce) explain(err error) error {
	if o == nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.repeated {
		return errRepeated // and not the cancellation of the context, which is how it was prevented
	}
	return err
}

// hooksKey returns the key under which package httptrace keeps hooks in a context.
func hooksKey() any {
	asked := keyRecorder{Context: context.Background()}
	httptrace.ContextClientTrace(&asked)
	return asked.key
}

// keyRecorder is a context that remembers the last key it was asked for.
type keyRecorder struct {
	context.Context
	key any
}

func (r *keyRecorder) Value(key any) any {
	r.key = key
	return nil
}
