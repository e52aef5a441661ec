package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/otel/propagation"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// There are two ways for a trace into a function. The header X-Amzn-Trace-Id is
// the service's own: Lambda passes it on to every kind of call, X-Ray shows what
// the service did in between, and functions find it in their environment or
// context. A client context is any JSON of the caller's, here the trace context
// of the W3C; it reaches synchronous calls only.

// sendTraceHeader is middleware that puts the trace into the header of each
// attempt, before it is signed: the function's span then belongs to the attempt
// that ran it.
func sendTraceHeader(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("SendTraceHeader",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			req, ok := in.Request.(*smithyhttp.Request)
			if !ok {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, fmt.Errorf("unexpected request %T", in.Request)
			}
			xray.Propagator{}.Inject(ctx, propagation.HeaderCarrier(req.Header))
			return next.HandleFinalize(ctx, in)
		}), "Signing", middleware.Before)
}

// addTraceContext puts the trace into the client context of a call.
func addTraceContext(ctx context.Context, in *invoke.InvokeInput) {
	custom := make(propagation.MapCarrier)
	propagation.TraceContext{}.Inject(ctx, custom)
	if encoded, err := (invoke.ClientContext{Custom: custom}).Encode(); err == nil { // else go without
		in.ClientContext = encoded
	}
}

// continueTrace returns a function's context with the span of the caller in it:
// from the header, or else from the client context.
func continueTrace(ctx context.Context) context.Context {
	call, ok := invoketest.FromContext(ctx)
	if !ok {
		return ctx
	}
	var caller struct {
		Custom propagation.MapCarrier `json:"custom"`
	}
	if json.Unmarshal(call.ClientContext, &caller) == nil {
		ctx = propagation.TraceContext{}.Extract(ctx, caller.Custom)
	}
	return xray.Propagator{}.Extract(ctx, propagation.MapCarrier{"X-Amzn-Trace-Id": call.TraceID})
}
