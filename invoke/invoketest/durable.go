package invoketest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// executions are the durable executions of the account, by name and by ARN.
type executions struct {
	mu     sync.Mutex
	byName map[string]*execution
	byARN  map[string]*execution
}

// execution is a durable execution. What is set when it starts never changes; mu
// guards the rest, which is final once done is closed.
type execution struct {
	name, arn, functionARN, version string
	trace                           string
	input                           []byte
	started                         time.Time
	cancel                          context.CancelCauseFunc // ends the function

	done   chan struct{}
	mu     sync.Mutex
	status string
	ended  time.Time
	reply  *reply   // to a synchronous start
	output []byte   // of a success
	reason *failure // of any other end; nil for none
}

// The statuses of an execution.
const (
	statusRunning   = "RUNNING"
	statusSucceeded = "SUCCEEDED"
	statusFailed    = "FAILED"
	statusTimedOut  = "TIMED_OUT"
	statusStopped   = "STOPPED"
)

var errExecutionEnded = errors.New("invoketest: the durable execution was stopped or timed out")

// join returns the execution that has a name, or else the one that create makes.
// A nil one, which create may return, is none.
func (e *executions) join(name string, create func() *execution) (ex *execution, created bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ex, ok := e.byName[name]; ok {
		return ex, false
	}
	if ex = create(); ex == nil {
		return nil, false
	}
	if e.byName == nil {
		e.byName, e.byARN = make(map[string]*execution), make(map[string]*execution)
	}
	e.byName[ex.name], e.byARN[ex.arn] = ex, ex
	return ex, true
}

func (e *executions) get(arn string) *execution {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.byARN[arn]
}

// ForgetExecution forgets the durable execution with this name, as the service does
// when its retention is over: it is not found any more, and the next start under the
// name begins another. One that still runs goes on, unknown to all.
func (s *Server) ForgetExecution(name string) {
	e := &s.executions
	e.mu.Lock()
	defer e.mu.Unlock()
	if ex, ok := e.byName[name]; ok {
		delete(e.byName, name)
		delete(e.byARN, ex.arn)
	}
}

// durableName is the name of the execution that a request starts or joins, "" for
// none.
func (x *exchange) durableName() string {
	if x.req.Operation != opInvoke {
		return ""
	}
	return x.r.Header.Get(wire.HeaderDurableExecutionName)
}

func validDurableName(name string) bool {
	return len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	})
}

// invokeDurable runs a function once for each name, and answers as the invocation
// type says: at once, or at the end of the execution.
func (x *exchange) invokeDurable(name string, fn streamFunction, body []byte) *reply {
	event := x.req.InvocationType == invoke.InvocationTypeEvent
	var refused *reply
	ex, created := x.s.executions.join(name, func() *execution {
		if reason := x.s.limits.admit(!event); reason != "" {
			x.s.journal.throttled()
			refused = throttled(reason, x.s.limits.retryAfter)
			return nil
		}
		return x.newExecution(name, body)
	})
	if refused != nil {
		return refused
	}
	if created {
		x.runExecution(ex, fn)
		if !event {
			defer x.s.limits.release()
		}
	}
	if ex.functionARN != x.s.functionARN(x.req.FunctionName, "") || !bytes.Equal(ex.input, body) {
		return exception(http.StatusConflict, "DurableExecutionAlreadyStartedException",
			"an execution of this name has another function or another payload")
	}
	if event {
		return ex.named(newReply(http.StatusAccepted, "", nil))
	}
	select {
	case <-ex.done:
		return ex.named(ex.reply)
	case <-x.r.Context().Done():
		x.hangUp(Close, nil)
		return nil
	}
}

func (x *exchange) newExecution(name string, body []byte) *execution {
	version := x.req.executedVersion()
	return &execution{
		name:        name,
		arn:         x.s.functionARN(x.req.FunctionName, version) + "/durable-execution/" + name + "/" + x.req.RequestID,
		functionARN: x.s.functionARN(x.req.FunctionName, ""),
		version:     version,
		trace:       x.r.Header.Get(wire.HeaderTraceID),
		input:       bytes.Clone(body),
		started:     x.s.now(),
		done:        make(chan struct{}),
		status:      statusRunning,
	}
}

// runExecution starts the function. Its context does not end with the caller's
// connection, as others may be waiting for it.
func (x *exchange) runExecution(ex *execution, fn streamFunction) {
	ctx, cancel := context.WithCancelCause(x.s.base)
	ex.mu.Lock()
	ex.cancel = cancel
	ex.mu.Unlock()
	var timeout *time.Timer
	if limit := x.s.config.ExecutionTimeout; limit > 0 {
		timeout = time.AfterFunc(limit, func() { ex.end(statusTimedOut, x.s.now(), nil, nil, nil) })
	}
	c, out := x.s.newCall(x.req), new(result)
	failing := x.start(ctx, fn, c, bytes.Clone(ex.input), out)
	go func() {
		failure := <-failing
		if timeout != nil {
			timeout.Stop()
		}
		if failure == nil && out.size > maxResponse {
			failure = tooLarge()
		}
		status := statusSucceeded
		if failure != nil {
			status = statusFailed
		}
		ex.end(status, x.s.now(), x.result(c, out.kept, failure), out.kept, failure)
		cancel(nil)
	}()
}

// end ends the execution unless it has ended before.
func (ex *execution) end(status string, at time.Time, rep *reply, output []byte, reason *failure) {
	ex.mu.Lock()
	defer ex.mu.Unlock()
	if ex.status != statusRunning {
		return
	}
	ex.status, ex.ended, ex.reply, ex.reason = status, at, rep, reason
	if status == statusSucceeded {
		ex.output = output
	}
	if rep == nil { // the function did not come to its end
		if reason == nil {
			reason = newFailure(failureBody{Message: "the durable execution has ended: " + status, Type: "Execution." + status})
		}
		ex.reply = newReply(http.StatusOK, wire.ContentTypeJSON, reason.payload)
		ex.reply.header.Set(wire.HeaderFunctionError, reason.kind)
		ex.reply.header.Set(wire.HeaderExecutedVersion, ex.version)
		if ex.cancel != nil {
			ex.cancel(errExecutionEnded)
		}
	}
	close(ex.done)
}

// named is rep with the ARN of the execution, as a reply of its own.
func (ex *execution) named(rep *reply) *reply {
	named := *rep
	named.header = maps.Clone(rep.header)
	named.header.Set(wire.HeaderDurableExecutionArn, ex.arn)
	return &named
}
