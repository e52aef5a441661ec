package invoke

import (
	"context"
	"log/slog"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// logs reports whether records of a level go anywhere.
func (t *telemetry) logs(ctx context.Context, level slog.Level) bool {
	return t != nil && t.logger != nil && t.logger.Enabled(ctx, level)
}

// logAttempt writes the debug record of an attempt that took a time and ended
// with result or err.
func (t *telemetry) logAttempt(ctx context.Context, c *call, took time.Duration, result any, err error) {
	if !t.logs(ctx, slog.LevelDebug) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 12), logOf(c)...)
	attrs = append(attrs, slog.Duration("duration", took))
	if status := c.status(); status != 0 {
		attrs = append(attrs, slog.Int("status", status))
	}
	if c.requestID != "" {
		attrs = append(attrs, slog.String("request_id", c.requestID))
	}
	if kind := functionError(result); kind != "" {
		attrs = append(attrs, slog.String("function_error", kind))
	}
	if err != nil {
		attrs = append(attrs, logOfError(err)...)
	}
	t.logger.LogAttrs(ctx, slog.LevelDebug, "attempt to call a function", attrs...)
}

// retry reports that another attempt follows the one that failed with err,
// after a delay.
func (t *telemetry) retry(ctx context.Context, c *call, err error, delay time.Duration) {
	if !t.logs(ctx, slog.LevelWarn) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 12), logOf(c)...)
	attrs = append(attrs, slog.Duration("delay", delay))
	attrs = append(attrs, logOfError(err)...)
	t.logger.LogAttrs(ctx, slog.LevelWarn, "retrying the call of a function", attrs...)
}

// logOf says which attempt of which call a record is about.
func logOf(c *call) []slog.Attr {
	return []slog.Attr{
		slog.String("operation", c.op.name),
		slog.String("function", c.functionName),
		slog.Int("attempt", c.attempt),
	}
}

func logOfError(err error) []slog.Attr {
	return []slog.Attr{
		slog.String("error_type", errorType(err)),
		slog.String("error", describe(err)),
		slog.Bool("may_have_executed", errors.MayHaveExecuted(err)),
	}
}
