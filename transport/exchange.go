package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
)

// exchange is one request and its reply. It is the body of the response, too: one allocation for all of it.
type exchange struct {
	req      *http.Request
	payload  []byte // the request's body where it lies in memory; req.Body is nil then
	progress *attempt.Progress
	trace    *httptrace.ClientTrace // the caller's hooks, or nil
	to       route
	maxHead  int64
	keep     bool // the client keeps connections

	conn   *conn
	stop   func() bool // ends the watch over the request's context
	writer *bodyWriter // writes the rest of the request; nil where all of it is written

	body  io.Reader // of the reply, as net/http reads it; nil once it has ended
	state atomic.Int32
	err   error // of the last Read
}

// The states of the reply's body.
const (
	bodyOpen   int32 = iota
	bodyEnded        // it was read to its end, or reading failed
	bodyClosed       // the caller closed it before
)

var (
	errHeadTooLarge = errors.New("transport: the headers of the response exceed Config.MaxResponseHeaderBytes")
	errUnsolicited  = errors.New("transport: the server sent a response before there was a request")
	errAmbiguous    = errors.New("transport: the response has both a Content-Length and a Transfer-Encoding")
)

// run sends the request on the exchange's connection and returns the reply, with its body to be read.
func (x *exchange) run() (*http.Response, error) {
	if ctx := x.req.Context(); ctx.Done() != nil {
		x.stop = context.AfterFunc(ctx, x.conn.abort)
	}
	err := x.write()
	if err == nil {
		resp, replyErr := x.read()
		if replyErr == nil {
			return resp, nil
		}
		err = replyErr
	}
	return nil, x.fail(err)
}

// clearReadDeadline undoes what bounds the wait for a reply to a request that could not be written.
func (x *exchange) clearReadDeadline() {
	if x.writer != nil {
		x.writer.replied.Store(true)
		x.conn.wire.SetReadDeadline(time.Time{})
	}
}

// fail ends the exchange and returns the error to report.
func (x *exchange) fail(err error) error {
	ended := x.stop != nil && !x.stop()
	x.conn.discard()
	x.conn.releaseReader()
	if written := x.settleWriter(); written != nil && err != errHeadTooLarge {
		err = written
	}
	if ctx := x.req.Context(); ended || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// settleWriter waits until nothing reads the payload any more, and returns the error of writing. The connection is
// closed, or the writer has ended.
func (x *exchange) settleWriter() error {
	w := x.writer
	if w == nil {
		return nil
	}
	x.writer = nil
	if x.req.Body != nil && !w.hasEnded(0) {
		x.req.Body.Close() // a Read of it may last for as long as its owner likes
		return nil
	}
	<-w.done
	x.progress.Written += w.written
	x.progress.AllWritten = w.err == nil
	return w.err
}

// read returns the reply.
func (x *exchange) read() (*http.Response, error) {
	c := x.conn
	if err := c.awaitReply(x.maxHead); err != nil {
		return nil, err
	}
	if x.progress.Written == 0 {
		return nil, errUnsolicited
	}
	x.progress.ReplyBegun = true
	x.clearReadDeadline()
	if x.trace != nil && x.trace.GotFirstResponseByte != nil {
		x.trace.GotFirstResponseByte()
	}
	resp, err := x.readHead()
	if err != nil {
		return nil, err
	}
	c.headLeft = 1<<63 - 1
	resp.TLS = c.tls
	return resp, x.setBody(resp)
}

// readHead returns the first reply that is final.
func (x *exchange) readHead() (*http.Response, error) {
	c := x.conn
	for {
		fills := c.fills
		seen, _ := c.replies.Peek(c.replies.Buffered())
		resp, err := http.ReadResponse(c.replies, x.req)
		if err != nil {
			if err == io.ErrUnexpectedEOF && c.headLeft <= 0 {
				err = errHeadTooLarge
			}
			return nil, err
		}
		if resp.StatusCode/100 != 1 || resp.StatusCode == http.StatusSwitchingProtocols {
			if x.writer != nil {
				x.writer.tell(false)
			}
			return resp, x.checkFraming(resp, seen, fills)
		}
		if err := x.informed(resp); err != nil {
			return nil, err
		}
	}
}

// informed handles a 1xx reply, after which another one comes.
func (x *exchange) informed(resp *http.Response) error {
	if resp.StatusCode == http.StatusContinue {
		if x.trace != nil && x.trace.Got100Continue != nil {
			x.trace.Got100Continue()
		}
		if x.writer != nil {
			x.writer.tell(true)
		}
	}
	if x.trace != nil && x.trace.Got1xxResponse != nil {
		return x.trace.Got1xxResponse(resp.StatusCode, textproto.MIMEHeader(resp.Header))
	}
	return nil
}

// checkFraming refuses a reply with two lengths, which a proxy may read otherwise than net/http does. net/http takes
// the one it does not believe out of the header, so its bytes are looked at: seen, from which the head was parsed
// unless more was read for it. Then the connection is not used again, so that it does not matter where the reply ended.
func (x *exchange) checkFraming(resp *http.Response, seen []byte, fills int) error {
	if len(resp.TransferEncoding) == 0 {
		return nil
	}
	if x.conn.fills != fills {
		resp.Close = true
		return nil
	}
	head := seen[:len(seen)-x.conn.replies.Buffered()]
	for line := range bytes.SplitSeq(head, []byte{'\n'}) {
		if name, _, ok := bytes.Cut(line, []byte{':'}); ok && strings.EqualFold(string(name), "Content-Length") {
			return errAmbiguous
		}
	}
	return nil
}

// setBody puts the exchange between the caller and the body of the reply.
func (x *exchange) setBody(resp *http.Response) error {
	x.keep = x.keep && !resp.Close && !x.req.Close && resp.ProtoAtLeast(1, 1)
	switch {
	case resp.StatusCode == http.StatusSwitchingProtocols:
		x.keep = false
		x.body = x.conn.replies
		resp.Body = upgraded{x}
	case resp.Body == http.NoBody:
		x.end(nil)
	default:
		x.body = resp.Body
		resp.Body = x
	}
	return nil
}

// Read reads the body of the reply.
func (x *exchange) Read(p []byte) (int, error) {
	switch x.state.Load() {
	case bodyEnded:
		return 0, x.err
	case bodyClosed:
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := x.body.Read(p)
	if err != nil {
		err = x.end(err)
	}
	return n, err
}

// end ends the exchange when the body was read, or reading it failed with err. It returns the error to report.
func (x *exchange) end(err error) error {
	if err == nil {
		err = io.EOF
	}
	if !x.state.CompareAndSwap(bodyOpen, bodyEnded) {
		return http.ErrBodyReadAfterClose
	}
	x.body = nil // it holds the reader of replies, which another connection may come to use
	if err != io.EOF {
		x.err = x.fail(err)
		return x.err
	}
	x.err = io.EOF
	x.progress.ReplyWhole = true
	written := x.writer == nil || x.writer.hasEnded(writeGrace) && x.writer.err == nil
	unwatched := x.stop == nil || x.stop()
	c := x.conn
	empty := c.releaseReader()
	if x.keep && written && unwatched && empty {
		x.settleWriter()
		c.served = true
		x.putIdleHook(nil)
		c.pool.put(c)
		return io.EOF
	}
	x.putIdleHook(errNotKept)
	if written {
		c.close()
	} else {
		c.discard()
	}
	x.settleWriter()
	return io.EOF
}

var errNotKept = errors.New("transport: the connection cannot be used again")

func (x *exchange) putIdleHook(err error) {
	if x.trace != nil && x.trace.PutIdleConn != nil {
		x.trace.PutIdleConn(err)
	}
}

// Close gives up what is left of the reply, and the connection with it. It may be called while Read waits.
func (x *exchange) Close() error {
	if !x.state.CompareAndSwap(bodyOpen, bodyClosed) {
		return nil
	}
	if x.stop != nil {
		x.stop()
	}
	x.putIdleHook(errNotKept)
	x.conn.discard() // its reader may still be in use, and is not given back
	x.settleWriter()
	return nil
}

// upgraded is the body of a reply after which the connection is the caller's.
type upgraded struct{ *exchange }

func (u upgraded) Write(p []byte) (int, error) { return u.conn.stream.Write(p) }

// isUntouched reports whether the request failed with err before a byte of it was written, on a connection that the peer
// may have closed before, and while the caller still waits.
func (x *exchange) isUntouched(err error) bool {
	return x.progress.Written == 0 && !x.conn.fresh() && err != errUnsolicited && x.req.Context().Err() == nil
}

// rewind makes the body of a request that failed before a byte of it was written readable again.
func (x *exchange) rewind() bool {
	req := x.req
	if req.Body == nil || req.Body == http.NoBody {
		return true
	}
	if req.GetBody == nil {
		return false
	}
	body, err := req.GetBody()
	if err != nil {
		return false
	}
	again := *req
	again.Body = body
	x.req = &again
	return true
}
