package invoke

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/smithy-go/tracing"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// Attributes of spans that the AWS SDK for Go does not have. They follow
// OpenTelemetry's conventions, and their names where there are some.
const (
	attrFunction        = "faas.invoked_name"
	attrRegion          = "faas.invoked_region"
	attrProvider        = "faas.invoked_provider"
	attrQualifier       = "aws.lambda.qualifier"
	attrInvocationType  = "aws.lambda.invocation_type"
	attrExecutedVersion = "aws.lambda.executed_version"
	attrFunctionError   = "aws.lambda.function_error"
	attrMayHaveExecuted = "aws.lambda.may_have_executed"
	attrAttempts        = "operation.attempts"
	attrStatus          = "http.response.status_code"
	attrRequestID       = "aws.request_id"
	attrErrorType       = "error.type"
)

// calling observes a call as a whole.
func (t *telemetry) calling(c *call, in input) (context.Context, func(any, error)) {
	if t.unwatched() {
		return c, func(any, error) {}
	}
	return t.observeCall(c, in)
}

func (t *telemetry) observeCall(c *call, in input) (context.Context, func(any, error)) {
	start := time.Now()
	var ctx context.Context = c
	if t.traced {
		ctx = tracing.WithOperationTracer(ctx, t.tracer) // for middleware with spans of its own
	}
	ctx, span := t.tracer.StartSpan(ctx, serviceID+"."+c.op.name, func(o *tracing.SpanOptions) {
		o.Kind = tracing.SpanKindClient
		for _, p := range callProperties(c, in) {
			o.Properties.Set(p.name, p.value)
		}
	})
	return ctx, func(result any, err error) {
		t.meters.record(ctx, timeCall, start)
		if t.traced {
			endCall(span, c, result, err)
		}
		span.End()
	}
}

func callProperties(c *call, in input) []property {
	m := in.members()
	name, qualifier := function(&m)
	properties := []property{
		{"rpc.system", "aws-api"},
		{"rpc.service", serviceID},
		{"rpc.method", c.op.name},
		{attrProvider, "aws"},
		{attrRegion, c.config.Region},
		{attrFunction, name},
	}
	if !m.notInvocation {
		invocationType := cmp.Or(m.invocationType, InvocationTypeRequestResponse)
		properties = append(properties, property{attrInvocationType, string(invocationType)})
	}
	if qualifier != "" {
		properties = append(properties, property{attrQualifier, qualifier})
	}
	return properties
}

// function returns the name and the qualifier in a function's name, which may
// be an ARN.
func function(m *members) (name, qualifier string) {
	name = m.functionName
	if _, after, isARN := strings.Cut(name, ":function:"); isARN {
		name = after
	}
	name, qualifier, _ = strings.Cut(name, ":")
	if m.qualifier != "" {
		qualifier = m.qualifier
	}
	return name, qualifier
}

// endCall gives the span of a call its outcome.
func endCall(span tracing.Span, c *call, result any, err error) {
	if c.attempt > 0 {
		span.SetProperty(attrAttempts, c.attempt)
	}
	setReply(span, c, result)
	span.SetProperty("error", err != nil || functionError(result) != "")
	if err != nil {
		setException(span, err)
	}
	setOutcome(span, err)
	if err == nil && functionError(result) == "" {
		span.SetStatus(tracing.SpanStatusOK)
	}
}

// attempting observes one attempt of a call.
func (t *telemetry) attempting(ctx context.Context, c *call) (context.Context, func(any, error)) {
	if t.unwatched() && !t.logs(ctx, slog.LevelDebug) {
		return ctx, func(any, error) {}
	}
	return t.observeAttempt(ctx, c)
}

func (t *telemetry) observeAttempt(ctx context.Context, c *call) (context.Context, func(any, error)) {
	inner, span := t.tracer.StartSpan(ctx, "Attempt", func(o *tracing.SpanOptions) {
		o.Properties.Set("operation.attempt", c.attempt)
	})
	start := time.Now()
	return inner, func(result any, err error) {
		t.meters.attempted(ctx, start, err)
		if t.traced {
			setReply(span, c, result)
			setOutcome(span, err)
		}
		t.logAttempt(inner, c, time.Since(start), result, err)
		span.End()
	}
}

// setReply describes what the service answered to the last attempt.
func setReply(span tracing.Span, c *call, result any) {
	if status := c.status(); status != 0 {
		span.SetProperty(attrStatus, status)
	}
	if c.requestID != "" {
		span.SetProperty(attrRequestID, c.requestID)
	}
	if version := executedVersion(result); version != "" {
		span.SetProperty(attrExecutedVersion, version)
	}
	if kind := functionError(result); kind != "" {
		span.SetProperty(attrFunctionError, kind)
		span.SetProperty(attrErrorType, typeName((*errors.FunctionError)(nil)))
		span.SetStatus(tracing.SpanStatusError)
	}
}

// setOutcome marks the span of a call or an attempt that ended with an error.
func setOutcome(span tracing.Span, err error) {
	if err == nil {
		return
	}
	setFailed(span, err)
	span.SetProperty(attrMayHaveExecuted, errors.MayHaveExecuted(err))
}

func setFailed(span tracing.Span, err error) {
	span.SetProperty(attrErrorType, errorType(err))
	span.SetStatus(tracing.SpanStatusError)
}

// status returns the HTTP status of the last attempt, 0 where it had none.
func (c *call) status() int {
	if c.exchange == nil || c.exchange.response.Response == nil {
		return 0
	}
	return c.exchange.response.StatusCode
}

// functionError returns the service's word for the failure of a function,
// empty where none failed. A stream tells of its failures too late for it.
func functionError(result any) string {
	if out, ok := result.(*InvokeOutput); ok && out != nil {
		return out.FunctionError
	}
	return ""
}

func executedVersion(result any) string {
	switch out := result.(type) {
	case *InvokeOutput:
		if out != nil {
			return out.ExecutedVersion
		}
	case *InvokeWithResponseStreamOutput:
		if out != nil {
			return out.ExecutedVersion
		}
	}
	return ""
}
