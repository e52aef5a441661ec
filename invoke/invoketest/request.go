package invoketest

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Request is a request as the server got it, and what became of it.
type Request struct {
	Method string
	Path   string // as sent, before anything is unescaped
	Query  string // as sent
	Header http.Header

	// Body is nil until it was read whole, and with [Config.DiscardBodies].
	Body []byte

	// Operation is the service's name of what is asked for: "Invoke",
	// "InvokeWithResponseStream", "GetDurableExecution" or
	// "StopDurableExecution"; empty for anything else.
	Operation string

	// FunctionName is the function's bare name, whichever way the request gave
	// it, and Qualifier the version or alias, empty if there is none. Both are
	// empty for a request that is none of the service's operations.
	FunctionName, Qualifier string

	// DurableExecutionArn is the execution that GetDurableExecution and
	// StopDurableExecution are about; empty for other operations.
	DurableExecutionArn string

	// InvocationType is RequestResponse where the request does not say.
	InvocationType invoke.InvocationType

	// Streamed says that the reply is asked for as a stream of events.
	Streamed bool

	// InvocationID is the same for all attempts of a call, and Attempt counts
	// them from 1, as the client says; 0 if it does not.
	InvocationID string
	Attempt      int

	// RequestID is the server's, new for every request.
	RequestID string

	// Time is when the headers had arrived, by the local clock. Connection
	// numbers the connection they came on, from 1.
	Time       time.Time
	Connection int

	// Ran says that the function was started for this request.
	Ran bool

	// Status is what the reply began with, 0 where none was begun.
	Status int

	qualifierConflict bool
}

// newRequest reads all of r but its body.
func newRequest(r *http.Request) *Request {
	req := &Request{
		Method:         r.Method,
		Path:           r.URL.EscapedPath(),
		Query:          r.URL.RawQuery,
		Header:         r.Header.Clone(),
		InvocationType: cmp.Or(invoke.InvocationType(r.Header.Get(wire.HeaderInvocationType)), invoke.InvocationTypeRequestResponse),
		InvocationID:   r.Header.Get(wire.HeaderInvocationID),
		Attempt:        attempt(r.Header.Get(wire.HeaderSDKRequest)),
		RequestID:      newID(),
		Time:           time.Now(),
		Connection:     connectionNumber(r.Context()),
	}
	operation, target := route(r.Method, req.Path)
	req.Operation, req.Streamed = operation, operation == opStream
	if operation == opGet || operation == opStop {
		req.DurableExecutionArn = target
		target, _, _ = strings.Cut(target, "/durable-execution/")
	}
	name, qualifier := splitTarget(target)
	req.FunctionName, req.Qualifier = name, qualifier
	if q := r.URL.Query().Get("Qualifier"); q != "" {
		req.qualifierConflict = qualifier != "" && qualifier != q
		req.Qualifier = q
	}
	return req
}

// The names of the operations.
const (
	opInvoke = "Invoke"
	opStream = "InvokeWithResponseStream"
	opGet    = "GetDurableExecution"
	opStop   = "StopDurableExecution"
)

// route returns the operation of a request, and the function or the execution
// that it is about; "" if it is none.
func route(method, escapedPath string) (operation, target string) {
	for _, op := range [...]struct{ name, method, prefix, suffix string }{
		{opInvoke, http.MethodPost, "/2015-03-31/functions/", "/invocations"},
		{opStream, http.MethodPost, "/2021-11-15/functions/", "/response-streaming-invocations"},
		{opGet, http.MethodGet, "/2025-12-01/durable-executions/", ""},
		{opStop, http.MethodPost, "/2025-12-01/durable-executions/", "/stop"},
	} {
		rest, ok := strings.CutPrefix(escapedPath, op.prefix)
		segment, ok2 := strings.CutSuffix(rest, op.suffix)
		if method != op.method || !ok || !ok2 || strings.Contains(segment, "/") {
			continue
		}
		if target, err := url.PathUnescape(segment); err == nil {
			return op.name, target
		}
	}
	return "", ""
}

// splitTarget splits what names a function: a name, a partial or a full ARN,
// each with or without a qualifier.
func splitTarget(target string) (name, qualifier string) {
	if strings.HasPrefix(target, "arn:") {
		// arn:partition:lambda:region:account:function:name[:qualifier]
		parts := strings.SplitN(target, ":", 6)
		target = parts[len(parts)-1]
	} else if i := strings.Index(target, ":function:"); i >= 0 {
		target = target[i+1:]
	}
	name, qualifier, _ = strings.Cut(strings.TrimPrefix(target, "function:"), ":")
	return name, qualifier
}

// attempt reads the number out of "attempt=1; max=3".
func attempt(header string) int {
	for field := range strings.SplitSeq(header, ";") {
		if number, ok := strings.CutPrefix(strings.TrimSpace(field), "attempt="); ok {
			n, _ := strconv.Atoi(number)
			return n
		}
	}
	return 0
}
