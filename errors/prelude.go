package errors

import "strings"

// HTTPPreludeError says that a response stream does not begin with the prelude of an HTTP reply, or with none that can be read. The
// stream's Body still yields every byte of it.
type HTTPPreludeError struct {
	// Absent says that the stream begins with something else: the function sent its bytes without a prelude.
	Absent bool
	// Err is what is wrong. Where the stream ended within the prelude, it is the stream's own error, such as a [*FunctionError], and
	// io.ErrUnexpectedEOF where the function succeeded.
	Err error
}

// Error gives the reason in one line.
func (e *HTTPPreludeError) Error() string {
	var b strings.Builder
	b.WriteString("response stream has no readable HTTP prelude")
	if e.Absent {
		b.Reset()
		b.WriteString("response stream has no HTTP prelude")
	}
	writeReason(&b, e.Err)
	return b.String()
}

// Unwrap returns Err.
func (e *HTTPPreludeError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: the function is running, or has run.
func (e *HTTPPreludeError) MayHaveExecuted() bool { return true }
