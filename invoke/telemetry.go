package invoke

import (
	"cmp"
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// errPanicked is what spans, metrics and logs show of a call and an attempt that a
// panic ended, or runtime.Goexit. The panic itself goes on to the caller.
var errPanicked error = panicError{}

type panicError struct{}

func (panicError) Error() string { return "the call ended in a panic" }

// setTelemetry makes cfg's observer, or takes base's where the same options ask
// for it.
func (cfg *config) setTelemetry(base *config) (err error) {
	if base != nil && same(cfg.Logger, base.Logger) &&
		same(cfg.TracerProvider, base.TracerProvider) && same(cfg.MeterProvider, base.MeterProvider) {
		cfg.telemetry = base.telemetry
		return nil
	}
	watch := telemetry.Config{TracerProvider: cfg.TracerProvider, MeterProvider: cfg.MeterProvider, Known: []error{errRepeated, errPanicked}}
	if cfg.Logger != nil {
		watch.Log = &recorder{cfg.Logger}
	}
	if cfg.telemetry, err = telemetry.New(watch); err != nil {
		return fmt.Errorf("invoke: Options.MeterProvider: %w", err)
	}
	return nil
}

// same reports whether two values are known to be one: of a type whose values
// cannot be compared, none are. (Package reflect can tell without a panic, and
// would be linked for this alone.)
func same(a, b any) (equal bool) {
	defer func() { recover() }()
	return a == b
}

// watch observes the call as a whole.
func (c *call) watch(in input) (context.Context, telemetry.Call) {
	observer := c.config.telemetry
	if !observer.Watches() {
		return c, telemetry.Call{}
	}
	m := in.members()
	to := telemetry.Target{Region: c.config.Region, FunctionName: m.functionName, Qualifier: m.qualifier}
	if !m.notInvocation {
		to.InvocationType = string(cmp.Or(m.invocationType, InvocationTypeRequestResponse))
	}
	return observer.StartCall(c, to)
}

// end reports that the call ended.
//
//go:noinline
func (c *call) end(span *telemetry.Call, result any, err error) {
	span.End(c.attempt, c.reply(result), err)
}

// reply describes the response to the last request, and the result that the stack
// made of it. A stream's function may still fail.
func (c *call) reply(result any) telemetry.Reply {
	r := telemetry.Reply{RequestID: c.requestID}
	if c.exchange != nil && c.exchange.response.Response != nil {
		r.StatusCode = c.exchange.response.StatusCode
	}
	switch out := result.(type) {
	case *InvokeOutput:
		if out != nil {
			r.ExecutedVersion, r.FunctionError = out.ExecutedVersion, out.FunctionError
		}
	case *InvokeWithResponseStreamOutput:
		if out != nil {
			r.ExecutedVersion = out.ExecutedVersion
		}
	}
	return r
}
