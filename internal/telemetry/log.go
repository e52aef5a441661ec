package telemetry

import (
	"context"
	"time"
)

// Log receives a record for each attempt and for each retry. Its methods are
// called by the goroutine of the call and must be safe for concurrent use.
type Log interface {
	// LogsAttempts and LogsRetries report whether such records go anywhere. If
	// they do not, none is made.
	LogsAttempts(context.Context) bool
	LogsRetries(context.Context) bool

	LogAttempt(context.Context, AttemptRecord)
	LogRetry(context.Context, RetryRecord)
}

// AttemptRecord says how an attempt ended. Fields that are not known are zero.
type AttemptRecord struct {
	Operation       string
	FunctionName    string
	Attempt         int
	Duration        time.Duration
	StatusCode      int
	RequestID       string
	FunctionError   string
	ErrorType       string // "" for none
	Error           string
	MayHaveExecuted bool
}

// RetryRecord says that an attempt failed and that another follows after Delay.
type RetryRecord struct {
	Operation       string
	FunctionName    string
	Attempt         int
	Delay           time.Duration
	ErrorType       string
	Error           string
	MayHaveExecuted bool
}

func (o *Observer) logsAttempts(ctx context.Context) bool {
	return o != nil && o.log != nil && o.log.LogsAttempts(ctx)
}
