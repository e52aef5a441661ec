package errors

import (
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// UnexpectedResponseError says that a response with a status of success is not Lambda's: a captive portal, a proxy, a load balancer or
// another service sent a page of its own. For a response stream it says that the response is not an event stream, which an emulator
// without streaming sends too.
type UnexpectedResponseError struct {
	// ContentType is the response's header, empty if it has none.
	ContentType string
	// Body is the beginning of the response's body as one printable line, 256 bytes at most.
	Body string
	// StatusCode and RequestID are those of the response. RequestID is most often empty.
	StatusCode int
	RequestID  string
	// Streaming says that an event stream was expected.
	Streaming bool
}

// ContentTypeError is the former name of [UnexpectedResponseError], which only InvokeWithResponseStream returned.
type ContentTypeError = UnexpectedResponseError

// Error gives content type, beginning of the body, status and request ID in one line.
func (e *UnexpectedResponseError) Error() string {
	var b strings.Builder
	b.WriteString("response is not Lambda's")
	if e.Streaming {
		b.Reset()
		b.WriteString("response is not an event stream")
	}
	if e.ContentType == "" {
		b.WriteString(": no content type")
	} else {
		b.WriteString(": content type " + printable.Text(e.ContentType, messageLimit))
	}
	if e.Body != "" {
		b.WriteString(": " + printable.Text(e.Body, messageLimit))
	}
	writeReplyDetails(&b, e.StatusCode, e.RequestID)
	return b.String()
}

// MayHaveExecuted is true: what answered may have passed the request on.
func (e *UnexpectedResponseError) MayHaveExecuted() bool { return true }
