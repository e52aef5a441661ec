package durable

import (
	"context"
	"fmt"
	"slices"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Execution is a durable execution, which goes on at the service whether or not
// anybody waits for it. Get one from [Func.Start] or [Func.Execution]. It keeps
// nothing of what it asks, and is safe for concurrent use.
type Execution[Out any] struct {
	handle
	decode func([]byte, *Out) error
}

// handle is an execution without the type of its result.
type handle struct {
	client    *invoke.Client
	arn       string
	optFns    []func(*invoke.Options)
	intervals intervals
}

// ARN identifies the execution: store it to come back with [Func.Execution].
func (e *Execution[Out]) ARN() string { return e.arn }

// Status asks how far the execution has come, once. It asks for no input and no
// result, so it costs little whatever their size. Its errors are those of
// [Execution.Wait] that are about requests.
func (e *Execution[Out]) Status(ctx context.Context) (Status, error) {
	got, err := e.get(ctx, &getInput{target(e.arn), false}, e.optFns)
	if err != nil {
		return Status{}, e.failed(err)
	}
	return got.Status, nil
}

// Wait returns the result of the execution once it has one. It asks at once, and
// then at intervals that grow from 100 ms to 30 s ([Func.WithIntervals] sets
// both), longer while the service throttles. It goes on through every fault that
// may pass, for as long as ctx lets it.
//
// Every error is an [*ExecutionError] around one of:
//
//   - [*errors.FunctionError]: the execution failed.
//   - [ErrTimedOut], [ErrStopped]: it ended so.
//   - [*errors.DecodeError]: it succeeded, but its result is no Out.
//   - an error of ctx, with that of the last request where that failed.
//   - another error of a request, as [invoke.Client.Invoke] has them: the
//     execution is not known any more ([*errors.ResourceNotFoundException]), or
//     asking is not allowed.
//
// or, for an ARN that is none and for options that cannot work, the error of
// [Func.Start]. With each error of a request the execution goes on, and may be
// waited for again. Out is its zero value with every error.
func (e *Execution[Out]) Wait(ctx context.Context) (Out, error) {
	var out, zero Out
	got, err := e.end(ctx)
	if err != nil {
		return zero, err
	}
	if err := e.decode(got.result, &out); err != nil {
		return zero, e.failed(&errors.DecodeError{Payload: got.result, Err: err, RequestID: got.requestID})
	}
	return out, nil
}

// Stop ends the execution before its own end: it is stopped then for all who wait
// for it, and cannot be resumed. reason tells them and the service's console why;
// nil tells nothing. An execution that has ended already stays as it is. The
// errors are those of [Execution.Wait] that are about requests; where errors are
// of no consequence, Stop may simply be called again.
func (e *Execution[Out]) Stop(ctx context.Context, reason error) error {
	_, err := e.client.RunOperation(ctx, &stopInput{target(e.arn), reason}, e.optFns...)
	if err != nil {
		return e.failed(err)
	}
	return nil
}

func (e *handle) get(ctx context.Context, in *getInput, optFns []func(*invoke.Options)) (*getOutput, error) {
	result, err := e.client.RunOperation(ctx, in, optFns...)
	if err != nil {
		return nil, err
	}
	got, ok := result.(*getOutput)
	if !ok || got == nil { // middleware alone can replace it
		return nil, operationError(in.Operation(), fmt.Errorf("the middleware stack returned a %T in place of an output", result))
	}
	return got, nil
}

// largeReply is the size, in bytes, from which a reply about a running execution
// is worth going without the input in it. At its end there is then one question
// more, for the result.
const largeReply = 16 << 10

// end waits for the end of the execution and returns that of a success.
func (e *handle) end(ctx context.Context) (*getOutput, error) {
	if err := e.intervals.check(); err != nil {
		return nil, e.failed(err)
	}
	intervals := e.intervals.withDefaults()
	withData, optFns := true, e.optFns
	for {
		got, err := e.get(ctx, &getInput{target(e.arn), withData}, optFns)
		switch {
		case err != nil && (!mayPass(err) || ctx.Err() != nil):
			return nil, e.failed(err)
		case err != nil: // ask again
		case got.Status.Status.Ended() && withData:
			return got, e.outcome(got)
		case got.Status.Status.Ended():
			withData = true
			continue
		default:
			withData = withData && got.size < largeReply
		}
		class := retry.Classify(err)
		if optFns = e.optFns; class.Throttle {
			optFns = append(slices.Clip(optFns), once)
		}
		d := intervals.next(class)
		if ended := sleep(ctx, intervals.within(ctx, d)); ended != nil {
			return nil, e.failed(interrupted(ended, err))
		}
	}
}

// once leaves it to the intervals of a Wait to ask again: the retries of the client
// would ask a service that throttles the more.
func once(o *invoke.Options) { o.Retry.MaxAttempts = 1 }

// mayPass reports whether another question may be answered. The client knows: it
// would have asked again but for the limits of its retry policy.
func mayPass(err error) bool {
	var last *retry.MaxAttemptsError
	var gaveUp *retry.GaveUpError
	return errtree.As(err, &last) || errtree.As(err, &gaveUp) && errors.Is(gaveUp.Reason, retry.ErrQuotaExhausted)
}

// interrupted is the error of a Wait that its context ended, after a question that
// failed with last, nil if it did not.
func interrupted(ended, last error) error {
	if last == nil {
		return ended
	}
	return fmt.Errorf("%w, and the last request failed: %w", ended, last)
}

// outcome returns the error that an end is, nil for a success.
func (e *handle) outcome(got *getOutput) error {
	switch got.Status.Status {
	case StatusTimedOut:
		return &ExecutionError{ARN: e.arn, Reason: got.failure, Err: ErrTimedOut}
	case StatusStopped:
		return &ExecutionError{ARN: e.arn, Reason: got.failure, Err: ErrStopped}
	case StatusFailed:
		failure := got.failure
		if failure == nil {
			failure = &errors.FunctionError{FunctionError: "Unhandled"}
		}
		failure.FunctionName, failure.ExecutedVersion, failure.RequestID = target(e.arn).Function(), got.Version, got.requestID
		return e.failed(failure)
	}
	return nil
}

// failed adds to an error which execution it is about. An ARN that is none names
// none.
func (e *handle) failed(err error) error {
	if _, ok := parseARN(e.arn); !ok {
		return err
	}
	return &ExecutionError{ARN: e.arn, Err: err}
}
