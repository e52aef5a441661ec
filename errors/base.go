package errors

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
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
// A value made by hand, such as &TooManyRequestsException{}, may leave members empty: the methods, [MayHaveExecuted] and package retry
// then know them from the exception's type, and from Code. What a client returns has its members set.
//
// The methods use a pointer receiver and change nothing, so one value may be read by many goroutines.
type LambdaServiceException struct {
	// Code is the exception's name, [CodeUnknown] if the reply had none. Where it is empty, ErrorCode knows it from the type.
	Code string
	// Message is the service's text for people as it came, line feeds included, 1,024 bytes at most. Error prints it as one line. It may
	// change at any time: decide by type or Code, not by Message. Of a reply that is not the service's it is the beginning of the body.
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
func (e *LambdaServiceException) Error() string { return e.text("") }

// ErrorCode returns Code, or the name of the exception's type where that is empty.
func (e *LambdaServiceException) ErrorCode() string { return e.Code }

// ErrorMessage returns Message.
func (e *LambdaServiceException) ErrorMessage() string { return e.Message }

// ErrorFault returns Fault, or where that is not set what is documented, and for other codes what the status says.
func (e *LambdaServiceException) ErrorFault() smithy.ErrorFault { return e.fault("") }

// As lets [As] find the base of every type that embeds it; embedding alone would not. What it finds is the value's own base, or, where
// Code is empty, a copy of it with what is known of the type.
func (e *LambdaServiceException) As(target any) bool { return e.as("", target) }

// MayHaveExecuted reports whether the function may have run although this came back; false is a guarantee.
//
// A documented exception answers as its row of [Exceptions] does. A [CodeFunctionReply] comes from the function, which ran. Of the
// others, throttling is a refusal, and so is a 3xx or 4xx with a code. A server error says nothing about the function, and neither does
// any reply without a code but a 429: an intermediary wrote it, which may have stopped waiting for the function's reply, or disliked it.
func (e *LambdaServiceException) MayHaveExecuted() bool { return e.mayHaveExecuted("") }

// The methods of the base and of each type, which pass on the type's name: "" for the base. See methods.go.

// complete returns e, or, where its Code is empty, a copy with what is documented of the type. Only values made by hand have no Code. A
// status of 0 beside a code is true: an exception inside a stream has none.
func (e *LambdaServiceException) complete(name string) *LambdaServiceException {
	row, ok := lookup(name)
	if e.Code != "" || !ok {
		return e
	}
	known := *e
	known.Code, known.Fault = row.Code, e.fault(name)
	if known.StatusCode == 0 {
		known.StatusCode = row.StatusCode
	}
	return &known
}

// text is Error with further details.
func (e *LambdaServiceException) text(name string, details ...string) string {
	e = e.complete(name)
	var b strings.Builder
	if b.WriteString(e.Code); e.Code == "" {
		b.WriteString(CodeUnknown)
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(printable.Text(e.Message, messageLimit))
	}
	writeReplyDetails(&b, e.StatusCode, e.RequestID, details...)
	return b.String()
}

func (e *LambdaServiceException) fault(name string) smithy.ErrorFault {
	if e.Fault != smithy.FaultUnknown {
		return e.Fault
	}
	if row, ok := LookupException(e.code(name)); ok {
		return row.Fault
	}
	switch e.StatusCode / 100 {
	case 4:
		return smithy.FaultClient
	case 5:
		return smithy.FaultServer
	default:
		return smithy.FaultUnknown
	}
}

// Inlined into the methods of every type, as and code would make each program 16 KB larger.
//
//go:noinline
func (e *LambdaServiceException) as(name string, target any) bool {
	base, ok := target.(**LambdaServiceException)
	if ok {
		*base = e.complete(name)
	}
	return ok
}

//go:noinline
func (e *LambdaServiceException) code(name string) string { return cmp.Or(e.Code, name) }

func (e *LambdaServiceException) mayHaveExecuted(name string) bool {
	code := e.code(name)
	if row, ok := LookupException(code); ok {
		return row.MayHaveExecuted
	}
	switch status := e.StatusCode; {
	case code == CodeFunctionReply:
		return true
	case status == 429, IsThrottleCode(code):
		return false
	case code == "", code == CodeUnknown:
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
