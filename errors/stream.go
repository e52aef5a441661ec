package errors

import (
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// StreamError says that the service ended a response stream with an exception in place of the function's end. [As] finds the exception
// behind it. Whatever that exception guarantees of a reply, it came after the response had begun, so the function may have run.
type StreamError struct {
	// Err is the exception: one of the documented types, or a bare [*LambdaServiceException]. Its StatusCode is 0.
	Err error
}

// Error is the exception's, with a word on where it came from.
func (e *StreamError) Error() string {
	var b strings.Builder
	b.WriteString("response stream ended by an exception")
	writeReason(&b, e.Err)
	return b.String()
}

// Unwrap returns Err.
func (e *StreamError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: the response had begun.
func (e *StreamError) MayHaveExecuted() bool { return true }

// ContentTypeError says that a response with a status of success is not an event stream, so that it is something other than the service
// which answered: a proxy's page, an emulator without streaming. Nothing of its body was read.
type ContentTypeError struct {
	// ContentType is the response's header as it stands there, empty if it has none.
	ContentType string
	// StatusCode and RequestID are those of the response.
	StatusCode int
	RequestID  string
}

// Error names the content type in one line.
func (e *ContentTypeError) Error() string {
	var b strings.Builder
	b.WriteString("response is no event stream: ")
	if e.ContentType == "" {
		b.WriteString("no content type")
	} else {
		b.WriteString("content type " + printable.Text(e.ContentType, messageLimit))
	}
	writeReplyDetails(&b, e.StatusCode, e.RequestID)
	return b.String()
}

// MayHaveExecuted is true: whoever answered may have passed the request on.
func (e *ContentTypeError) MayHaveExecuted() bool { return true }
