package invoke_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// records calls function f of a server with faults, and returns what was logged.
func records(t *testing.T, level slog.Level, call func(*invoke.Client), faults ...invoketest.Fault) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Handle("fails", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no such order") })
	s.Script("f", faults...)
	call(newClient(t, s.Options(), func(o *invoke.Options) {
		o.Logger = invoke.LogTo(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level})))
		o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = 1, 1
	}))

	var all []map[string]any
	for line := range strings.Lines(out.String()) {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		for _, name := range []string{"time", "duration", "request_id", "delay"} { // differ from run to run
			if _, ok := record[name]; ok {
				record[name] = "some"
			}
		}
		all = append(all, record)
	}
	return all
}

func invokeFunction(in invoke.InvokeInput) func(*invoke.Client) {
	return func(c *invoke.Client) { c.Invoke(background(), &in) }
}

func TestEachAttemptIsADebugRecordAndEachRetryAWarning(t *testing.T) {
	const attempt, retrying = "attempt to call a function", "retrying the call of a function"
	require.Equal(t, []map[string]any{
		{
			"time": "some", "level": "DEBUG", "msg": attempt, "operation": "Invoke", "function": "f:live", "attempt": 1.0, "duration": "some",
			"status": 429.0, "request_id": "some",
			"error_type": "TooManyRequestsException", "error": "TooManyRequestsException", "may_have_executed": false,
		},
		{
			"time": "some", "level": "WARN", "msg": retrying, "operation": "Invoke", "function": "f:live", "attempt": 1.0, "delay": "some",
			"error_type": "TooManyRequestsException", "error": "TooManyRequestsException", "may_have_executed": false,
		},
		{
			"time": "some", "level": "DEBUG", "msg": attempt, "operation": "Invoke", "function": "f:live", "attempt": 2.0, "duration": "some",
			"error_type": "*errors.TransportError", "error": "transport failed at stage await", "may_have_executed": true,
		},
		{
			"time": "some", "level": "WARN", "msg": retrying, "operation": "Invoke", "function": "f:live", "attempt": 2.0, "delay": "some",
			"error_type": "*errors.TransportError", "error": "transport failed at stage await", "may_have_executed": true,
		},
		{
			"time": "some", "level": "DEBUG", "msg": attempt, "operation": "Invoke", "function": "f:live", "attempt": 3.0, "duration": "some",
			"status": 200.0, "request_id": "some",
		},
	}, withoutDetails(records(t, slog.LevelDebug,
		invokeFunction(invoke.InvokeInput{FunctionName: "f:live", Payload: []byte("{}"), DurableExecutionName: "order-17"}),
		invoketest.Throttle("ReservedFunctionConcurrentInvocationLimitExceeded", 0),
		invoketest.HangUp(invoketest.BeforeRun, invoketest.Reset),
	)))
}

// withoutDetails cuts what differs from run to run off the errors.
func withoutDetails(records []map[string]any) []map[string]any {
	for _, r := range records {
		if text, ok := r["error"].(string); ok {
			text, _, _ = strings.Cut(text, " (")
			r["error"], _, _ = strings.Cut(text, ": ")
		}
	}
	return records
}

func TestAFunctionThatFailedIsADebugRecordToo(t *testing.T) {
	got := records(t, slog.LevelDebug, invokeFunction(invoke.InvokeInput{FunctionName: "fails"}))
	require.Len(t, got, 1)
	require.Equal(t, "DEBUG", got[0]["level"])
	require.Equal(t, "Unhandled", got[0]["function_error"])
	require.NotContains(t, got[0], "error")
}

func TestALoggerAtALevelGetsNothingBelow(t *testing.T) {
	throttled := invoketest.Throttle("CallerRateLimitExceeded", 0)
	for level, want := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelWarn: 1, slog.LevelError: 0} {
		require.Len(t, records(t, level, invokeFunction(invoke.InvokeInput{FunctionName: "f"}), throttled), want, level.String())
	}
}

func TestWhatIsRefusedBeforeItIsSentIsNotLogged(t *testing.T) {
	require.Empty(t, records(t, slog.LevelDebug, invokeFunction(invoke.InvokeInput{})))
}

type contextKey struct{}

// contextHandler keeps what the records' contexts hold.
type contextHandler struct {
	slog.Handler
	seen *[]any
}

func (h contextHandler) Handle(ctx context.Context, r slog.Record) error {
	*h.seen = append(*h.seen, ctx.Value(contextKey{}))
	return nil
}

func (contextHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return ctx.Value(contextKey{}) != nil
}

func TestTheLoggerGetsTheContextOfTheCall(t *testing.T) {
	var seen []any
	answers := []http.HandlerFunc{reply(409, map[string]string{"X-Amzn-Errortype": "ResourceConflictException"}, "{}"), reply(200, nil, "{}")}
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answers[0](w, r)
		answers = answers[1:]
	})
	opts.Retry.BaseDelay = 1
	opts.Logger = invoke.LogTo(slog.New(contextHandler{seen: &seen}))
	_, err := newClient(t, opts).Invoke(context.WithValue(t.Context(), contextKey{}, "mine"), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, []any{"mine", "mine", "mine"}, seen)
}
