package invoke

import (
	"context"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// Logger is told of the attempts and the retries of calls. [LogTo] makes one that
// writes to package log/slog. Its methods are called by the goroutine of the call,
// with the call's context, and must be safe for concurrent use.
//
// A record never holds credentials, signatures, payloads or client contexts. Of an
// error it has the type or code and a text of the library's own, and not the
// service's message, which may repeat parts of the request.
type Logger interface {
	// LogAttempt is called after each attempt, whether it failed or not. What is
	// refused before a request is made, such as a wrong input, is no attempt.
	LogAttempt(context.Context, AttemptRecord)
	// LogRetry is called after LogAttempt where another attempt follows, before
	// the wait for it.
	LogRetry(context.Context, RetryRecord)
}

// AttemptRecord tells a [Logger] how an attempt ended. Fields may be added.
type AttemptRecord struct {
	Operation       string        // such as "Invoke"
	FunctionName    string        // as the input has it
	Attempt         int           // 1 for the first
	Duration        time.Duration // from its credentials to its result
	StatusCode      int           // of HTTP; 0 without a response
	RequestID       string        // empty without a response
	FunctionError   string        // "Handled" or "Unhandled" where the function failed; empty for a stream
	ErrorType       string        // code of an exception or Go type of the error; empty without an error
	Error           string        // in words that are safe to log; empty without an error
	MayHaveExecuted bool          // what errors.MayHaveExecuted says of the error; false without one
}

// RetryRecord tells a [Logger] that an attempt failed and that another follows.
// Fields may be added.
type RetryRecord struct {
	Operation       string        // such as "Invoke"
	FunctionName    string        // as the input has it
	Attempt         int           // the one that failed, 1 for the first
	Delay           time.Duration // before the next one
	ErrorType       string        // code of an exception or Go type of the error
	Error           string        // in words that are safe to log
	MayHaveExecuted bool          // what errors.MayHaveExecuted says of the error
}

// recorder is a Logger for package telemetry.
type recorder struct{ Logger }

// leveled is a Logger that knows beforehand which records go nowhere, so that
// they need not be made.
type leveled interface {
	logsAttempts(context.Context) bool
	logsRetries(context.Context) bool
}

func (r *recorder) LogsAttempts(ctx context.Context) bool {
	l, ok := r.Logger.(leveled)
	return !ok || l.logsAttempts(ctx)
}

func (r *recorder) LogsRetries(ctx context.Context) bool {
	l, ok := r.Logger.(leveled)
	return !ok || l.logsRetries(ctx)
}

func (r *recorder) LogAttempt(ctx context.Context, record telemetry.AttemptRecord) {
	r.Logger.LogAttempt(ctx, AttemptRecord(record))
}

func (r *recorder) LogRetry(ctx context.Context, record telemetry.RetryRecord) {
	r.Logger.LogRetry(ctx, RetryRecord(record))
}
