package invoke

import (
	"bytes"
	stderrors "errors"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// HTTPPrelude is what a function that was written for a function URL sends
// before the body of its HTTP reply.
type HTTPPrelude struct {
	// StatusCode is from 100 to 999, 200 if the function named none.
	StatusCode int

	// Header has the names in the form in which package net/http keeps them. It
	// is empty, and not nil, if the function sent none.
	Header http.Header

	// Cookies are values for Set-Cookie headers, as the function wrote them. They
	// are not in Header.
	Cookies []string
}

// maxPrelude is how many bytes a prelude may have. Web servers accept less.
const maxPrelude = 64 << 10

// ReadHTTPPrelude reads the status, headers and cookies that a function written
// for a function URL sends first (awslambda.HttpResponseStream in Node.js). Call
// it before anything is read from Body, which then yields what follows the
// prelude. It waits for the prelude as Body's Read does for bytes, and reads 64
// KiB at most.
//
// The error is an [*errors.HTTPPreludeError]: its Absent is set where the
// function sent no prelude, and with it is the stream's own error where that
// ended within the prelude. Body then yields all bytes from the first on, and
// ends as it would have ended.
//
// ReadHTTPPrelude replaces Body where it has read more than the prelude. It is
// for the goroutine that reads Body.
func (o *InvokeWithResponseStreamOutput) ReadHTTPPrelude() (*HTTPPrelude, error) {
	if o.Body == nil {
		return nil, &errors.HTTPPreludeError{Absent: true, Err: errEmptyBody}
	}
	read, end, err := readPrelude(o.Body)
	var prelude wire.Prelude
	if err == nil {
		var problem string
		if prelude, problem = wire.ReadPrelude(read[:end]); problem != "" {
			err = &errors.HTTPPreludeError{Err: stderrors.New(problem)}
		}
	}
	rest := read
	if err == nil {
		rest = read[end+len(wire.PreludeDelimiter):]
	}
	if len(rest) > 0 {
		o.Body = &bodyAfter{first: rest, ReadCloser: o.Body}
	}
	if err != nil {
		return nil, err
	}
	return &HTTPPrelude{StatusCode: prelude.StatusCode, Header: prelude.Header, Cookies: prelude.Cookies}, nil
}

var (
	errEmptyBody    = stderrors.New("the body is empty")
	errNoObject     = stderrors.New("the body does not begin as a JSON object")
	errNoDelimiter  = stderrors.New("eight zero bytes have to follow the JSON object")
	errLargePrelude = stderrors.New("no end within 64 KiB")
)

// readPrelude reads until the end of the prelude, and returns all that it read and where the delimiter begins.
func readPrelude(body io.Reader) (read []byte, end int, err error) {
	read = make([]byte, 0, firstRead)
	empty := 0 // reads in a row without a byte
	for {
		if len(read) == cap(read) {
			read = append(read, 0)[:len(read)]
		}
		n, failure := body.Read(read[len(read):min(cap(read), maxPrelude)])
		searched := max(0, len(read)-len(wire.PreludeDelimiter))
		read = read[:len(read)+n]
		if end, err = findPrelude(read, searched); end >= 0 || err != nil {
			return read, end, err
		}
		switch {
		case failure == io.EOF && len(read) == 0:
			return read, 0, &errors.HTTPPreludeError{Absent: true, Err: errEmptyBody}
		case failure == io.EOF:
			return read, 0, &errors.HTTPPreludeError{Err: io.ErrUnexpectedEOF}
		case failure != nil:
			return read, 0, &errors.HTTPPreludeError{Err: failure}
		case len(read) == maxPrelude:
			return read, 0, &errors.HTTPPreludeError{Err: errLargePrelude}
		case n > 0:
			empty = 0
		default:
			if empty++; empty == 100 {
				return read, 0, &errors.HTTPPreludeError{Err: io.ErrNoProgress}
			}
		}
	}
}

// findPrelude returns where the delimiter begins in read, -1 if more has to be read. The bytes before searched hold no zero byte.
func findPrelude(read []byte, searched int) (end int, err error) {
	if searched == 0 { // at the beginning
		if text := bytes.TrimLeft(read, " \t\r\n"); len(text) > 0 && text[0] != '{' {
			return -1, &errors.HTTPPreludeError{Absent: true, Err: errNoObject}
		}
	}
	zero := bytes.IndexByte(read[searched:], 0) // JSON has no zero bytes
	if zero < 0 {
		return -1, nil
	}
	zero += searched
	after := read[zero:min(len(read), zero+len(wire.PreludeDelimiter))]
	switch {
	case string(after) != wire.PreludeDelimiter[:len(after)]:
		return -1, &errors.HTTPPreludeError{Err: errNoDelimiter}
	case len(after) < len(wire.PreludeDelimiter):
		return -1, nil
	}
	return zero, nil
}

// bodyAfter is a body of which some bytes were read already.
type bodyAfter struct {
	first []byte // those bytes, less what Read has returned of them
	io.ReadCloser
	closed atomic.Bool
}

func (b *bodyAfter) Read(p []byte) (int, error) {
	if len(b.first) == 0 || b.closed.Load() {
		return b.ReadCloser.Read(p)
	}
	n := copy(p, b.first)
	b.first = b.first[n:]
	return n, nil
}

// WriteTo writes the bytes that were read already, and then what is left as the body under it does.
func (b *bodyAfter) WriteTo(w io.Writer) (written int64, err error) {
	for len(b.first) > 0 && !b.closed.Load() {
		n, err := w.Write(b.first)
		b.first = b.first[n:]
		written += int64(n)
		if err == nil && n == 0 {
			err = io.ErrShortWrite
		}
		if err != nil {
			return written, err
		}
	}
	n, err := io.Copy(w, b.ReadCloser)
	return written + n, err
}

// Close closes the body under it. Reads after it fail as that body's do.
func (b *bodyAfter) Close() error {
	b.closed.Store(true)
	return b.ReadCloser.Close()
}
