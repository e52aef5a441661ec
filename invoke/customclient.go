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

// Custom HTTP clients, which do not say how far a request came. One rule holds
// for them: the service cannot have acted on a request whose payload was not
// taken whole, or whose connection failed with an error that says so; any other
// may have run the function. And a payload is given out once.

var (
	errAttemptOver = stderrors.New("the attempt is over")
	errRepeated    = stderrors.New("the connection broke after the request had been sent; it is not sent again")
	errNothing     = stderrors.New("the HTTP client returned neither a response nor an error")
)

// customBody is the payload of a request that a custom HTTP client sends.
type customBody struct {
	mu      sync.Mutex
	payload []byte
	started bool // the client began to read it
	taken   bool // and took all of it
	over    bool // nothing may be read any more
	first   bodyReader
}

// fill gives r its body.
func (b *customBody) fill(r *http.Request) {
	r.ContentLength = int64(len(b.payload))
	r.Body, r.GetBody = http.NoBody, nil
	if len(b.payload) > 0 {
		b.first.body = b
		r.Body = &b.first
		r.GetBody = b.again
	}
}

// again serves a client that starts over, unless it has had the whole payload.
func (b *customBody) again() (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over:
		return nil, errAttemptOver
	case b.taken:
		return nil, errRepeated
	}
	return &bodyReader{body: b}, nil
}

// progress ends the body and returns how far the request came that failed.
// unconnected says that the error proves that there was no connection.
func (b *customBody) progress(unconnected bool) attempt.Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	whole := (len(b.payload) == 0 || b.taken) && !unconnected
	return attempt.Progress{Connected: b.started && !unconnected || whole, AllWritten: whole}
}

func (b *customBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
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
		// Also when it is over: net/http looks for an end behind the last byte, and
		// may be late with it when the reply was quick.
		return 0, io.EOF
	}
	if b.over {
		return 0, errAttemptOver
	}
	b.started = true
	n := copy(p, b.payload[r.offset:])
	r.offset += n
	if r.offset == len(b.payload) {
		b.taken, r.ended = true, true
		if n == 0 {
			return 0, io.EOF
		}
	}
	return n, nil
}

func (*bodyReader) Close() error { return nil }

// believesConnectErrors reports whether the HTTP client sends a request once:
// then an error of connecting is about the whole of it. net/http's own transport
// begins anew only where nothing was written, unless a header declares the
// request idempotent.
func (cfg *config) believesConnectErrors(h http.Header) bool {
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
// twice, which nothing else would: a second reading of a payload can be refused.
// It is the context of the request, with hooks that net/http's transport calls.
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
		info.Conn.Close() // what is written before the end of the context is noticed must not arrive
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
		return errRepeated // not the end of the context by which it was kept from being sent again
	}
	return err
}

// hooksKey finds out by which key contexts know their hooks.
func hooksKey() any {
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
