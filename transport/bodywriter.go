package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"time"
)

// bodyWriter writes the rest of a request in a goroutine of its own, which ends with it.
type bodyWriter struct {
	conn    *conn
	trace   *httptrace.ClientTrace
	payload []byte        // what is left to write, or
	req     *http.Request // whose body is copied
	length  int64         // of that body, -1 for chunks
	begun   int64         // how many of those bytes were written with the head

	answer  chan bool   // whether the server wants a body that waits for 100 Continue; buffers one
	replied atomic.Bool // a reply has begun to arrive

	done    chan struct{} // closed when the fields below are set
	written int64
	err     error
	broken  bool // reading the body failed, not writing it
}

const (
	// expectContinueTimeout is how long the body of a request with Expect: 100-continue waits for the server's answer.
	expectContinueTimeout = time.Second
	// writeGrace is how long the writer may take to end after the reply was read: the peer has the whole request then,
	// but the writer may not have run since.
	writeGrace = 50 * time.Millisecond
	// replyGrace is how long a reply may take to begin after the request could not be written: a server that closes the
	// connection often says why in a reply.
	replyGrace = time.Second
)

// errBodyNotWanted is the error of writing a request with Expect: 100-continue that the server answered without its body.
var errBodyNotWanted = errors.New("transport: the server answered without asking for the request's body")

func (x *exchange) startWriter(payload []byte, length, begun int64) {
	w := &bodyWriter{
		conn: x.conn, trace: x.trace, payload: payload, req: x.req, length: length, begun: begun,
		answer: make(chan bool, 1), done: make(chan struct{}),
	}
	x.writer = w
	expects := x.expectsContinue()
	go w.run(expects)
}

func (x *exchange) expectsContinue() bool {
	return x.req.Body != nil && strings.EqualFold(x.req.Header.Get("Expect"), "100-continue")
}

func (w *bodyWriter) run(expects bool) {
	switch {
	case w.payload != nil:
		w.err = w.write(w.payload)
	case expects && !w.isWanted():
		w.req.Body.Close()
		w.err = errBodyNotWanted
	default:
		w.err = w.copyBody()
	}
	if w.trace != nil && w.trace.WroteRequest != nil {
		w.trace.WroteRequest(httptrace.WroteRequestInfo{Err: w.err})
	}
	err, broken := w.err, w.broken
	close(w.done) // the connection is another request's from here on, unless there was an error
	switch {
	case err == nil || err == errBodyNotWanted:
	case broken:
		w.conn.wire.Close()
	case !w.replied.Load():
		w.conn.wire.SetReadDeadline(time.Now().Add(replyGrace))
		if w.replied.Load() {
			w.conn.wire.SetReadDeadline(time.Time{})
		}
	}
}

// hasEnded reports whether the writer has ended, or ends within grace.
func (w *bodyWriter) hasEnded(grace time.Duration) bool {
	select {
	case <-w.done:
		return true
	default:
	}
	if grace == 0 {
		return false
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-w.done:
		return true
	case <-timer.C:
		return false
	}
}

// isWanted waits until the server asks for the body, has answered without it, or says nothing for a while.
func (w *bodyWriter) isWanted() bool {
	if w.trace != nil && w.trace.Wait100Continue != nil {
		w.trace.Wait100Continue()
	}
	timer := time.NewTimer(expectContinueTimeout)
	defer timer.Stop()
	select {
	case wanted := <-w.answer:
		return wanted
	case <-timer.C:
		return true
	}
}

// tell says whether the server wants the body. Only the first call has an effect.
func (w *bodyWriter) tell(wanted bool) {
	select {
	case w.answer <- wanted:
	default:
	}
}

func (w *bodyWriter) write(b []byte) error {
	n, err := w.conn.stream.Write(b)
	w.written += int64(n)
	return err
}

// Write counts what is written.
func (w *bodyWriter) Write(b []byte) (int, error) {
	n, err := w.conn.stream.Write(b)
	w.written += int64(n)
	return n, err
}

// copyBody writes the request's body.
func (w *bodyWriter) copyBody() error {
	defer w.req.Body.Close()
	if w.length < 0 {
		chunks := httputil.NewChunkedWriter(w)
		if _, err := w.copy(chunks, w.req.Body); err != nil {
			return err
		}
		if err := chunks.Close(); err != nil {
			return err
		}
		return w.write(trailer(w.req))
	}
	n, err := w.copy(w, io.LimitReader(w.req.Body, w.length-w.begun))
	if err != nil {
		return err
	}
	w.broken = true // if the body is not as long as it should be
	if n < w.length-w.begun {
		return lengthError(w.length, w.begun+n)
	}
	if err := expectEnd(w.req.Body, w.length); err != nil {
		return err
	}
	w.broken = false
	return nil
}

// copy is io.Copy through a buffer of the pool, and tells errors of reading from those of writing.
func (w *bodyWriter) copy(to io.Writer, from io.Reader) (total int64, err error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	buf := (*pooled)[:cap(*pooled)]
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return total, err
			}
			total += int64(n)
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			w.broken = true
			return total, err
		}
	}
}

// trailer returns what follows the last chunk.
func trailer(req *http.Request) []byte {
	var b bytes.Buffer
	_ = req.Trailer.Write(&b) // into memory
	fmt.Fprint(&b, "\r\n")
	return b.Bytes()
}
