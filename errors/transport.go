package errors

import (
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Stage is how far an attempt had come when its connection failed. The zero value says that it is not known.
type Stage int

// The stages of an attempt, in order.
const (
	// StageConnect: no connection yet. Nothing of the request was sent.
	StageConnect Stage = iota + 1
	// StageSend: the request was not sent completely, so the service cannot have acted on it.
	StageSend
	// StageAwait: the request was sent completely, and the status and headers of a response did not arrive whole.
	StageAwait
	// StageReceive: the status and headers of a response arrived, and its body did not arrive whole.
	StageReceive
)

// String returns "connect", "send", "await", "receive" or "unknown".
func (s Stage) String() string {
	switch s {
	case StageConnect:
		return "connect"
	case StageSend:
		return "send"
	case StageAwait:
		return "await"
	case StageReceive:
		return "receive"
	default:
		return "unknown"
	}
}

// TransportError says that the connection failed, or that the caller's context ended the attempt, and when. It is never made of
// something that the service said.
type TransportError struct {
	// Stage is how far the attempt had come.
	Stage Stage
	// Err is what failed: an error of package net or crypto/tls, a context's error, io.ErrUnexpectedEOF.
	Err error
	// FunctionName is what the function was called by, Host the endpoint's host, with its port if it names one.
	FunctionName, Host string
	// StatusCode and RequestID are those of the response that did not arrive whole; set at StageReceive only.
	StatusCode int
	RequestID  string
}

// Error names the stage, the function, the host and the reason in one line.
func (e *TransportError) Error() string {
	var b strings.Builder
	b.WriteString("transport failed at stage " + e.Stage.String())
	if e.FunctionName != "" {
		b.WriteString(", calling " + printable.Text(e.FunctionName, messageLimit))
	}
	if e.Host != "" {
		b.WriteString(" at " + printable.Text(e.Host, messageLimit))
	}
	writeReason(&b, e.Err)
	writeReplyDetails(&b, e.StatusCode, e.RequestID)
	return b.String()
}

// Unwrap returns Err.
func (e *TransportError) Unwrap() error { return e.Err }

// MayHaveExecuted is false where the request was not sent completely, and true from then on.
func (e *TransportError) MayHaveExecuted() bool {
	return e.Stage != StageConnect && e.Stage != StageSend
}

// writeReason appends ": reason" if there is one.
func writeReason(b *strings.Builder, reason error) {
	if reason != nil {
		b.WriteString(": " + reason.Error())
	}
}
