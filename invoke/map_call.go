package invoke

import (
	"context"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// mapping is one Map as package fanout runs it.
type mapping[In, Out any] struct {
	fn             *Func[In, Out]
	client         mapClient
	invocationType InvocationType
}

// mapItem is an item of a Map, with what its requests have led to.
type mapItem[In, Out any] struct {
	result     Result[In, Out]
	request    *InvokeInput    // made once, for all calls of the item
	requests   int             // made so far
	mayHaveRun error           // of the latest request that may have run the function
	throttled  error           // of the latest call, if the service refused it
	session    retries.Session // for all calls of the item, so that they share one MaxAttempts
	begun      bool            // the session has been started
}

// call makes the requests of one call. A throttled one it leaves to fanout to
// repeat.
func (m *mapping[In, Out]) call(ctx context.Context, item *mapItem[In, Out]) fanout.Outcome {
	item.throttled = nil
	outcome := m.send(ctx, item)
	outcome.Failed = item.result.Err != nil
	return outcome
}

func (m *mapping[In, Out]) send(ctx context.Context, item *mapItem[In, Out]) (outcome fanout.Outcome) {
	if item.request == nil {
		if item.request, item.result.Err = m.fn.request(ctx, &item.result.In, m.invocationType); item.result.Err != nil {
			return outcome
		}
	}
	session := &item.session
	for {
		item.requests++
		reply, err := m.client.invoker.Invoke(ctx, item.request, m.client.optFns...)
		if !item.begun { // the policy is known after a first request at the latest
			policy, members := m.client.policy(), item.request.members()
			policy.Idempotent = policy.Idempotent || members.idempotent()
			*session, item.begun = retries.Start(&policy, m.client.quota), true
		}
		if err == nil {
			attempt := session.Attempt()
			if session.RetriesFunctionErrors() && item.awaitFunctionRetry(ctx, session, reply) {
				continue
			}
			if attempt > 1 {
				session.Succeeded()
			}
			m.accept(ctx, item, reply)
			outcome.Signal = fanout.Admitted
			return outcome
		}
		if errors.MayHaveExecuted(err) {
			item.mayHaveRun = err
		}
		failed := m.client.classify(err)
		if failed.class.Throttle && !failed.class.MayHaveExecuted { // no attempt: fanout calls the item again
			item.throttled = failed.err
			outcome.Signal = throttleSignal(failed.err)
			outcome.RetryAfter = min(failed.class.After, m.client.policy().WithDefaults().MaxDelay)
			return outcome
		}
		session.Attempt()
		delay, final := session.Failed(ctx, failed.err, failed.class, false)
		if final == nil {
			final = session.Wait(ctx, delay, failed.err)
		}
		if final != nil {
			item.setError(failed.wrap(final))
			return outcome
		}
	}
}

// awaitFunctionRetry waits until another request is due after one whose function
// failed. It is false if none is: then the reply stands.
func (i *mapItem[In, Out]) awaitFunctionRetry(ctx context.Context, session *retries.Session, reply *InvokeOutput) bool {
	if reply == nil || reply.FunctionError == "" {
		return false
	}
	err := reply.Err()
	delay, due := session.FunctionFailed(ctx, err)
	if !due || session.Wait(ctx, delay, err) != nil {
		return false
	}
	i.mayHaveRun = err
	return true
}

// accept makes the item's result of a reply. Only a RequestResponse has one to
// decode.
func (m *mapping[In, Out]) accept(ctx context.Context, item *mapItem[In, Out], reply *InvokeOutput) {
	switch item.request.InvocationType {
	case "", InvocationTypeRequestResponse:
		item.result.Out, item.result.Err = m.fn.result(ctx, reply, nil)
	default:
		_, item.result.Err = m.fn.accept(ctx, reply, nil)
	}
	item.request = nil
}

// fail makes cause the error of an item that call has not given one: it was
// throttled and is not called again, it was not called at all, or its call
// panicked.
func (*mapping[In, Out]) fail(item *mapItem[In, Out], cause error) {
	stopped := cause == fanout.ErrStopped //nolint:errorlint // passed as it is
	if stopped {
		cause = ErrMapStopped
	}
	switch {
	case item.throttled != nil:
		item.setError(operationError(operationInvoke, &retry.GaveUpError{Attempts: item.requests, Reason: cause, Err: item.throttled}))
	case stopped:
		item.result.Err = operationError(operationInvoke, cause)
	default:
		item.result.Err = cause
	}
}

// setError makes err the item's error. Where the last request provably ran
// nothing, an earlier one may still have.
func (i *mapItem[In, Out]) setError(err error) {
	i.result.Err = attempt.Explain(i.mayHaveRun, err)
}

// throttleSignal tells which limit a throttled request exceeded: one of requests
// per second, or one of concurrent calls.
func throttleSignal(err error) fanout.Signal {
	var throttled *errors.TooManyRequestsException
	var base *errors.LambdaServiceException
	switch {
	case errtree.As(err, &throttled):
		switch throttled.Reason {
		case errors.ThrottleInvocationRate, errors.ThrottleReservedInvocationRate, errors.ThrottleCallerRate:
			return fanout.RateExceeded
		}
	case errtree.As(err, &base):
		// Undocumented codes and a bare 429 come from gateways, which count
		// requests per second.
		if _, documented := errors.LookupException(base.Code); !documented {
			return fanout.RateExceeded
		}
	}
	return fanout.ConcurrencyExceeded
}
