package errors

import (
	"strconv"
	"strings"

	"github.com/aws/smithy-go"
)

// CodeUnknown is the code of a reply that names none, such as the page of a proxy.
const CodeUnknown = "UnknownError"

// CodeFunctionReply is the code of a reply outside 2xx whose body a function wrote: something passed it on with a status that reads
// like a refusal of the service, and is none. A JSON object that did not arrive whole, and without the header in which the service
// names its code, may have been such a body, and has this code too.
const CodeFunctionReply = "FunctionReply"

// LambdaServiceException is what every exception of the service has in common. [As] finds it behind each of the documented types;
// a code that is not documented arrives as a bare *LambdaServiceException.
//
// The methods use a pointer receiver and change nothing, so one value may be read by many goroutines.
type LambdaServiceException struct {
	// Code is the exception's name, [CodeUnknown] if the reply had none.
	Code string
	// Message is the service's text for people, cut to a sane length. It may change at any time: decide by type or Code, not by Message.
	Message string
	// Type is "User" or "Server", the service's own word for who is at fault. Often empty.
	Type string
	// Fault says which side erred: as documented, or for other codes as the status says.
	Fault smithy.ErrorFault
	// StatusCode is the HTTP status of the reply, 0 where there was none, as for an exception inside a stream.
	StatusCode int
	// RequestID is what the service's support asks for. Empty if the reply had none.
	RequestID string
}

var _ smithy.APIError = (*LambdaServiceException)(nil)

// Error gives code, message, status and request ID in one line.
func (e *LambdaServiceException) Error() string { return e.text() }

// text is Error with further details.
func (e *LambdaServiceException) text(details ...string) string {
	var b strings.Builder
	if b.WriteString(e.Code); e.Code == "" {
		b.WriteString(CodeUnknown)
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(e.Message)
	}
	writeReplyDetails(&b, e.StatusCode, e.RequestID, details...)
	return b.String()
}

// ErrorCode returns Code.
func (e *LambdaServiceException) ErrorCode() string { return e.Code }

// ErrorMessage returns Message.
func (e *LambdaServiceException) ErrorMessage() string { return e.Message }

// ErrorFault returns Fault.
func (e *LambdaServiceException) ErrorFault() smithy.ErrorFault { return e.Fault }

// As lets [As] find the base of every type that embeds it; embedding alone would not.
func (e *LambdaServiceException) As(target any) bool {
	base, ok := target.(**LambdaServiceException)
	if ok {
		*base = e
	}
	return ok
}

// MayHaveExecuted reports whether the function may have run although this came back; false is a guarantee.
//
// A documented exception answers as its row of [Exceptions] does. A [CodeFunctionReply] comes from the function, which ran. Of the
// others, throttling is a refusal, and so is a 3xx or 4xx with a code. A server error says nothing about the function, and neither does
// any reply without a code but a 429: an intermediary wrote it, which may have stopped waiting for the function's reply, or disliked it.
func (e *LambdaServiceException) MayHaveExecuted() bool {
	if x, ok := LookupException(e.Code); ok {
		return x.MayHaveExecuted
	}
	switch status := e.StatusCode; {
	case e.Code == CodeFunctionReply:
		return true
	case status == 429, IsThrottleCode(e.Code):
		return false
	case e.Code == "", e.Code == CodeUnknown:
		return true
	default:
		return status < 300 || status > 499
	}
}

// writeReplyDetails appends " (status 404, request ID abc)", with only what is known, after the details given.
func writeReplyDetails(b *strings.Builder, status int, requestID string, details ...string) {
	if status != 0 {
		details = append(details, "status "+strconv.Itoa(status))
	}
	if requestID != "" {
		details = append(details, "request ID "+requestID)
	}
	if len(details) > 0 {
		b.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
}
