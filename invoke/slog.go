package invoke

import "context"

// SlogLogger is what [LogTo] needs of a *slog.Logger, and only that type is meant.
// It is an interface because importing log/slog, for its name alone, would add that
// package's initialisation and what hangs on it to every program.
type SlogLogger[Level ~int] interface {
	comparable
	Enabled(context.Context, Level) bool
	DebugContext(ctx context.Context, msg string, args ...any)
	WarnContext(ctx context.Context, msg string, args ...any)
}

// LogTo returns a [Logger] that writes to l, a *slog.Logger: a record of level debug
// for each attempt, one of level warn for each retry. Their keys are operation,
// function, attempt, duration (of an attempt), delay (of a retry) and, where they are
// known, status, request_id, function_error, error_type, error and may_have_executed.
// Of a nil *slog.Logger it returns nil, which logs nothing.
//
//	o.Logger = invoke.LogTo(slog.Default())
func LogTo[L SlogLogger[Level], Level ~int](l L) Logger {
	var none L
	if l == none {
		return nil
	}
	return slogLogger[L, Level]{l}
}

type slogLogger[L SlogLogger[Level], Level ~int] struct{ logger L }

// The levels' numbers are part of log/slog's documentation.
const (
	slogDebug = -4
	slogWarn  = 4
)

func (s slogLogger[L, Level]) logsAttempts(ctx context.Context) bool {
	return s.logger.Enabled(ctx, slogDebug)
}

func (s slogLogger[L, Level]) logsRetries(ctx context.Context) bool {
	return s.logger.Enabled(ctx, slogWarn)
}

// LogAttempt implements [Logger].
func (s slogLogger[L, Level]) LogAttempt(ctx context.Context, r AttemptRecord) {
	args := append(make([]any, 0, 20),
		"operation", r.Operation,
		"function", r.FunctionName,
		"attempt", r.Attempt,
		"duration", r.Duration)
	if r.StatusCode != 0 {
		args = append(args, "status", r.StatusCode)
	}
	if r.RequestID != "" {
		args = append(args, "request_id", r.RequestID)
	}
	if r.FunctionError != "" {
		args = append(args, "function_error", r.FunctionError)
	}
	if r.ErrorType != "" {
		args = append(args, "error_type", r.ErrorType, "error", r.Error, "may_have_executed", r.MayHaveExecuted)
	}
	s.logger.DebugContext(ctx, "attempt to call a function", args...)
}

// LogRetry implements [Logger].
func (s slogLogger[L, Level]) LogRetry(ctx context.Context, r RetryRecord) {
	s.logger.WarnContext(ctx, "retrying the call of a function",
		"operation", r.Operation,
		"function", r.FunctionName,
		"attempt", r.Attempt,
		"delay", r.Delay,
		"error_type", r.ErrorType,
		"error", r.Error,
		"may_have_executed", r.MayHaveExecuted)
}
