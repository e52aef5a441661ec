package errors

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// CredentialsError says that the credentials to sign a request with could not be had. Nothing was sent.
type CredentialsError struct {
	// Err is what the credentials provider returned.
	Err error
}

// Error gives the reason in one line.
func (e *CredentialsError) Error() string {
	var b strings.Builder
	b.WriteString("no credentials to sign the request with")
	writeReason(&b, e.Err)
	return b.String()
}

// Unwrap returns Err.
func (e *CredentialsError) Unwrap() error { return e.Err }

// MayHaveExecuted is false: nothing was sent.
func (e *CredentialsError) MayHaveExecuted() bool { return false }

// OptionsError says that the options of a client, or those of one call, cannot work. Nothing was sent.
type OptionsError struct {
	// Err says which option is wrong, and what to do.
	Err error
}

// Error is that of Err.
func (e *OptionsError) Error() string {
	if e.Err == nil {
		return "the options cannot work"
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e *OptionsError) Unwrap() error { return e.Err }

// MayHaveExecuted is false: nothing was sent.
func (e *OptionsError) MayHaveExecuted() bool { return false }

// ResponseTooLargeError says that a response had more bytes than the client accepts. The bytes were thrown away.
type ResponseTooLargeError struct {
	// Limit is how many bytes the client accepts, Size how many the response declared, -1 if it did not say.
	Limit, Size int64
	// StatusCode and RequestID are those of the response.
	StatusCode int
	RequestID  string
}

// Error gives limit and size in one line.
func (e *ResponseTooLargeError) Error() string {
	var b strings.Builder
	b.WriteString("response is larger than the limit")
	if e.Limit > 0 {
		b.WriteString(" of " + strconv.FormatInt(e.Limit, 10) + " bytes")
	}
	if e.Size > e.Limit {
		b.WriteString(": it declares " + strconv.FormatInt(e.Size, 10))
	}
	writeReplyDetails(&b, e.StatusCode, e.RequestID)
	return b.String()
}

// MayHaveExecuted is true: something answered.
func (e *ResponseTooLargeError) MayHaveExecuted() bool { return true }

// DecodeError says that a function succeeded, but its result did not decode into the caller's type.
type DecodeError struct {
	// Payload is the result as received.
	Payload []byte
	// Err is the decoder's error. Its text may quote the payload.
	Err error
	// RequestID is the invocation's.
	RequestID string
}

// Error says where decoding failed and what was expected there, and never quotes the payload: print Err for that.
func (e *DecodeError) Error() string {
	var b strings.Builder
	unit := " bytes"
	if len(e.Payload) == 1 {
		unit = " byte"
	}
	b.WriteString("the function succeeded, but its result of " + strconv.Itoa(len(e.Payload)) + unit + " did not decode")
	var mismatch *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case As(e.Err, &mismatch):
		// The kind alone: a number's Value is the number. Field may hold keys of the payload's.
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		fmt.Fprintf(&b, ": a JSON %s where Go has %v, at byte %d", kind, mismatch.Type, mismatch.Offset)
	case As(e.Err, &syntax):
		fmt.Fprintf(&b, ": not JSON at byte %d", syntax.Offset)
	case e.Err != nil:
		fmt.Fprintf(&b, ": %T", e.Err)
	}
	writeReplyDetails(&b, 0, e.RequestID)
	return b.String()
}

// Format prints Error for every verb, %#v included: the payload is never printed.
func (e *DecodeError) Format(s fmt.State, verb rune) {
	fmt.Fprintf(s, fmt.FormatString(s, verb), e.Error())
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: the function ran.
func (e *DecodeError) MayHaveExecuted() bool { return true }
