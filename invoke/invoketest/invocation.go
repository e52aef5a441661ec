package invoketest

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Invocation is what a function knows of its call besides the payload.
type Invocation struct {
	RequestID          string // of this request; a retry has another
	InvocationID       string // of the call; empty if the client sends none
	FunctionName       string // the bare name
	InvokedFunctionARN string // with the qualifier, if there is one
	ExecutedVersion    string // the qualifier, or "$LATEST"
	InvocationType     invoke.InvocationType

	// ClientContext is the caller's JSON, decoded from base64; nil if there is
	// none. Asynchronous calls have none.
	ClientContext []byte

	TenantId             string // spelt as in the API reference, as InvokeInput has it
	TraceID              string // the X-Amzn-Trace-Id header, as sent
	DurableExecutionName string
}

// callKey finds the *call that serves a function in its context.
type callKey struct{}

// call is an invocation with its log.
type call struct {
	Invocation
	log logTail
}

// FromContext returns the invocation that a function's context belongs to.
func FromContext(ctx context.Context) (Invocation, bool) {
	if c := callFrom(ctx); c != nil {
		return c.Invocation, true
	}
	return Invocation{}, false
}

// LogWriter returns the log of the invocation that ctx belongs to; its last
// 4 KB go to a caller who asks for them. It is safe for concurrent use. With
// another context it discards what is written.
func LogWriter(ctx context.Context) io.Writer {
	if c := callFrom(ctx); c != nil {
		return &c.log
	}
	return io.Discard
}

// callFrom returns the call that ctx belongs to, nil if there is none.
func callFrom(ctx context.Context) *call {
	if ctx == nil {
		return nil
	}
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// Logf writes a line to [LogWriter].
func Logf(ctx context.Context, format string, args ...any) {
	fmt.Fprintf(LogWriter(ctx), format+"\n", args...)
}

func (s *Server) newCall(req *Request) *call {
	c := &call{Invocation: Invocation{
		RequestID:            req.RequestID,
		InvocationID:         req.InvocationID,
		FunctionName:         req.FunctionName,
		InvokedFunctionARN:   s.functionARN(req.FunctionName, req.Qualifier),
		ExecutedVersion:      req.executedVersion(),
		InvocationType:       req.InvocationType,
		TenantId:             req.Header.Get(wire.HeaderTenantID),
		TraceID:              req.Header.Get(wire.HeaderTraceID),
		DurableExecutionName: req.Header.Get(wire.HeaderDurableExecutionName),
	}}
	if encoded := req.Header.Get(wire.HeaderClientContext); encoded != "" && req.InvocationType != invoke.InvocationTypeEvent {
		c.ClientContext, _ = base64.StdEncoding.DecodeString(encoded) // validated before
	}
	return c
}

func (req *Request) executedVersion() string {
	if req.Qualifier != "" {
		return req.Qualifier
	}
	return "$LATEST"
}

// functionARN is a function's full name at this server.
func (s *Server) functionARN(name, qualifier string) string {
	arn := "arn:aws:lambda:" + s.config.Region + ":" + accountID + ":function:" + name
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return arn
}

// accountID is the account that every server belongs to.
const accountID = "123456789012"
