package transport

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
)

// writeBuffer is the size, in bytes, of the buffer for the beginning of a request. A head and a body that fit into it are
// written at once by the caller's goroutine. The peer's system accepts that little even if the peer answers without reading.
const writeBuffer = 8 << 10

// buffers are for the beginnings of requests, and for bodies that are copied.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, writeBuffer)
	return &b
}}

// write writes the request. The rest of a larger one, or of one whose body may keep the reader waiting, is left to a
// writer in a goroutine of its own, while the caller waits for the reply: a peer may answer before it has read everything.
func (x *exchange) write() error {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	length, err := x.bodyLength()
	if err != nil {
		return err
	}
	head, err := x.appendHead((*pooled)[:0], length)
	if err != nil {
		return err
	}
	*pooled = head[:0] // it may have grown
	switch {
	case length == 0:
		closeBody(x.req)
		return x.writeAll(head)
	case x.req.Body == nil && len(head)+len(x.payload) <= writeBuffer:
		return x.writeAll(append(head, x.payload...))
	case x.req.Body == nil:
		n := max(writeBuffer-len(head), 0)
		if err := x.writeBeginning(append(head, x.payload[:n]...)); err != nil {
			return err
		}
		x.startWriter(x.payload[n:], 0, 0)
		return nil
	case x.req.GetBody != nil && length > 0 && !x.expectsContinue():
		return x.writeReplayable(head, length)
	}
	if err := x.writeBeginning(head); err != nil {
		return err
	}
	x.startWriter(nil, length, 0)
	return nil
}

// writeReplayable writes as much of the body as fits together with the head. Such a body lies in memory, as a rule, so
// that reading from it keeps nobody waiting.
func (x *exchange) writeReplayable(head []byte, length int64) error {
	n := min(length, int64(max(writeBuffer-len(head), 0)))
	b := slices.Grow(head, int(n))[:len(head)+int(n)]
	if read, err := io.ReadFull(x.req.Body, b[len(head):]); err != nil {
		return bodyError(err, length, int64(read))
	}
	if n < length {
		if err := x.writeBeginning(b); err != nil {
			return err
		}
		x.startWriter(nil, length, n)
		return nil
	}
	err := expectEnd(x.req.Body, length)
	x.req.Body.Close()
	if err != nil {
		return err
	}
	return x.writeAll(b)
}

// bodyError is the error of a body that ended, or failed with err, after n bytes instead of length.
func bodyError(err error, length, n int64) error {
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return lengthError(length, n)
	}
	return err
}

// writeAll writes b, which is the whole request.
func (x *exchange) writeAll(b []byte) error {
	err := x.writeBeginning(b)
	x.progress.AllWritten = err == nil
	if x.trace != nil && x.trace.WroteRequest != nil {
		x.trace.WroteRequest(httptrace.WroteRequestInfo{Err: err})
	}
	return err
}

func (x *exchange) writeBeginning(b []byte) error {
	n, err := x.conn.stream.Write(b)
	x.progress.Written += int64(n)
	if err == nil && x.trace != nil && x.trace.WroteHeaders != nil {
		x.trace.WroteHeaders()
	}
	return err
}

// bodyLength returns the length of the request's body, or -1 where it goes in chunks.
func (x *exchange) bodyLength() (int64, error) {
	req := x.req
	switch {
	case req.Body == nil:
		return int64(len(x.payload)), nil
	case req.Body == http.NoBody:
		return 0, nil
	case slices.Contains(req.TransferEncoding, "chunked"):
		return -1, nil
	case req.ContentLength > 0:
		return req.ContentLength, nil
	case usuallyWithoutBody(req.Method):
		return x.probeBody()
	}
	return -1, nil
}

// usuallyWithoutBody names the methods for which an empty body of unknown length is rather none than one in chunks.
func usuallyWithoutBody(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodOptions, "PROPFIND", "SEARCH":
		return true
	}
	return false
}

// probeBody reads the first byte of a body to learn whether there is one.
func (x *exchange) probeBody() (int64, error) {
	var first [1]byte
	n, err := io.ReadFull(x.req.Body, first[:])
	if err == io.EOF {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	again := *x.req
	again.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(first[:n]), x.req.Body), x.req.Body}
	again.GetBody = nil
	x.req = &again
	return -1, nil
}

// expectEnd refuses a body that has more than length bytes.
func expectEnd(body io.Reader, length int64) error {
	n, err := io.CopyN(io.Discard, body, 1)
	if n > 0 {
		return lengthError(length, length+1)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

func lengthError(want, got int64) error {
	return fmt.Errorf("transport: the request declares a body of %d bytes, and its body has %d or more", want, got)
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
