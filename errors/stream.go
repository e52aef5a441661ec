package errors

import "strings"

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
