package telemetry

import (
	"context"
	"strings"
	"time"

	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// Attributes of spans that the AWS SDK for Go does not have. They follow
// OpenTelemetry's conventions, and have their names where there are some.
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

// Target is what a call is to.
type Target struct {
	Region         string
	FunctionName   string // also an ARN, or with a qualifier behind a colon
	Qualifier      string
	InvocationType string
}

// Reply is what is known of the service's reply to the last request. Fields that
// are not known are zero.
type Reply struct {
	StatusCode      int
	RequestID       string
	ExecutedVersion string
	FunctionError   string // the service's word for a function that failed
}

// Call observes a call as a whole.
type Call struct {
	observer *Observer // nil in a zero Call
	span     tracing.Span
	ctx      context.Context
	start    time.Time
}

// Watches reports whether a Call is of use. If not, its Target need not be known.
func (o *Observer) Watches() bool { return !o.unwatched() }

// StartCall observes a call. ctx is one that smithy-go finds the names of service
// and operation in.
func (o *Observer) StartCall(ctx context.Context, to Target) (context.Context, Call) {
	if o.unwatched() {
		return ctx, Call{}
	}
	start, outer := time.Now(), ctx
	if o.traced {
		ctx = tracing.WithOperationTracer(ctx, o.tracer) // for middleware with spans of its own
	}
	service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
	ctx, span := o.tracer.StartSpan(ctx, service+"."+operation, func(opts *tracing.SpanOptions) {
		opts.Kind = tracing.SpanKindClient
		name, qualifier := to.function()
		for _, p := range [...][2]string{
			{"rpc.system", "aws-api"},
			{"rpc.service", service},
			{"rpc.method", operation},
			{attrProvider, "aws"},
			{attrRegion, to.Region},
			{attrFunction, name},
			{attrInvocationType, to.InvocationType},
			{attrQualifier, qualifier},
		} {
			if p[1] != "" {
				opts.Properties.Set(p[0], p[1])
			}
		}
	})
	return ctx, Call{observer: o, span: span, ctx: outer, start: start}
}

// function returns the name and the qualifier in a function's name, which may
// be an ARN.
func (t Target) function() (name, qualifier string) {
	name = t.FunctionName
	if _, after, isARN := strings.Cut(name, ":function:"); isARN {
		name = after
	}
	name, qualifier, _ = strings.Cut(name, ":")
	if t.Qualifier != "" {
		qualifier = t.Qualifier
	}
	return name, qualifier
}

// End ends the call, which took so many attempts, 0 if none was made.
func (c Call) End(attempts int, reply Reply, err error) {
	if c.observer == nil {
		return
	}
	c.observer.meters.record(c.ctx, timeCall, c.start)
	if c.observer.traced {
		if attempts > 0 {
			c.span.SetProperty(attrAttempts, attempts)
		}
		setReply(c.span, reply)
		failed := err != nil || reply.FunctionError != ""
		c.span.SetProperty("error", failed)
		if err != nil {
			c.observer.setException(c.span, err)
			setOutcome(c.span, err)
		}
		if !failed {
			c.span.SetStatus(tracing.SpanStatusOK)
		}
	}
	c.span.End()
}

// Attempt observes an attempt of a call.
type Attempt struct {
	observer *Observer // nil in a zero Attempt
	span     tracing.Span
	outer    context.Context
	inner    context.Context
	start    time.Time
	function string
	number   int
}

// StartAttempt observes attempt number, from 1, of a call to a function.
func (o *Observer) StartAttempt(ctx context.Context, function string, number int) (context.Context, Attempt) {
	if o.unwatched() && !o.logsAttempts(ctx) {
		return ctx, Attempt{}
	}
	inner, span := o.tracer.StartSpan(ctx, "Attempt", func(opts *tracing.SpanOptions) {
		opts.Properties.Set("operation.attempt", number)
	})
	return inner, Attempt{o, span, ctx, inner, time.Now(), function, number}
}

// End ends the attempt.
func (a Attempt) End(reply Reply, err error) {
	if a.observer == nil {
		return
	}
	a.observer.meters.attempted(a.outer, a.start, err)
	if a.observer.traced {
		setReply(a.span, reply)
		setOutcome(a.span, err)
	}
	if a.observer.logsAttempts(a.inner) {
		a.log(reply, err)
	}
	a.span.End()
}

func (a *Attempt) log(reply Reply, err error) {
	record := AttemptRecord{
		Operation:     middleware.GetOperationName(a.inner),
		FunctionName:  a.function,
		Attempt:       a.number,
		Duration:      time.Since(a.start),
		StatusCode:    reply.StatusCode,
		RequestID:     reply.RequestID,
		FunctionError: reply.FunctionError,
	}
	if err != nil {
		record.ErrorType, record.Error = errorType(err), a.observer.describe(err)
		record.MayHaveExecuted = errors.MayHaveExecuted(err)
	}
	a.observer.log.LogAttempt(a.inner, record)
}

// Retry reports that attempt number of a call to a function failed with err, and
// that another follows after a delay.
func (o *Observer) Retry(ctx context.Context, function string, number int, err error, delay time.Duration) {
	if o == nil || o.log == nil || !o.log.LogsRetries(ctx) {
		return
	}
	o.log.LogRetry(ctx, RetryRecord{
		Operation:       middleware.GetOperationName(ctx),
		FunctionName:    function,
		Attempt:         number,
		Delay:           delay,
		ErrorType:       errorType(err),
		Error:           o.describe(err),
		MayHaveExecuted: errors.MayHaveExecuted(err),
	})
}

// setReply gives a span what the service replied.
func setReply(span tracing.Span, r Reply) {
	if r.StatusCode != 0 {
		span.SetProperty(attrStatus, r.StatusCode)
	}
	if r.RequestID != "" {
		span.SetProperty(attrRequestID, r.RequestID)
	}
	if r.ExecutedVersion != "" {
		span.SetProperty(attrExecutedVersion, r.ExecutedVersion)
	}
	if r.FunctionError != "" {
		span.SetProperty(attrFunctionError, r.FunctionError)
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
