package simulation

import (
	"context"
	stderrors "errors"
	"time"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// check holds what the callers were told against what happened.
func (w *world) check() {
	for _, o := range w.history.calls {
		runs := w.history.runsOf[o.id]
		w.checkRuns(o, runs)
		switch {
		case o.err != nil:
			w.checkError(o, runs)
		case o.what == "durable execution":
			w.checkExecution(o)
		case o.hasResult:
			w.checkResult(o, runs)
		}
		w.checkLimit(o)
	}
	w.checkQuota()
}

// checkRuns: a call that is not idempotent runs once at most, a dry run never.
func (w *world) checkRuns(o *outcome, runs []*run) {
	switch {
	case o.dry && len(runs) > 0:
		w.history.fail("runs", o.id, "a dry run ran the function")
	case o.execution != callID{} && len(runs) > 1:
		w.history.fail("runs", o.id, "it started %d executions", len(runs))
	case len(runs) > 1 && !o.idempotent && !o.blind:
		w.history.fail("runs", o.id, "the function ran %d times", len(runs))
	}
}

// checkError: what an error denies did not happen, and what it is can be told by its type.
func (w *world) checkError(o *outcome, runs []*run) {
	if !errors.MayHaveExecuted(o.err) && len(runs) > 0 && !o.dry {
		w.history.fail("guarantee", o.id, "MayHaveExecuted is false, and the function ran %d times: %v", len(runs), o.err)
	}
	if o.what == "durable execution" {
		w.checkExecution(o)
		return
	}
	var failed *errors.FunctionError
	if stderrors.As(o.err, &failed) {
		if len(runs) == 0 {
			w.history.fail("result", o.id, "a function failed that did not run: %v", o.err)
		}
		return
	}
	if o.streamed {
		return // the errors of a body are not an operation's
	}
	if o.what != "abandoned item" && o.what != "item" {
		w.checkOperation(o)
	}
}

// checkOperation: the error of an operation is an OperationError.
func (w *world) checkOperation(o *outcome) {
	var operation *smithy.OperationError
	if !stderrors.As(o.err, &operation) {
		w.history.fail("error", o.id, "it is no OperationError: %T %v", o.err, o.err)
	}
}

// checkResult: a success is about a run of its own, and carries what that returned.
func (w *world) checkResult(o *outcome, runs []*run) {
	if o.result.Call != o.id.String() {
		w.history.fail("result", o.id, "its result is of the call %q", o.result.Call)
		return
	}
	for _, r := range runs {
		if r.id == o.result.Run {
			if !r.over {
				w.history.fail("result", o.id, "run %d has a result and has not ended", r.id)
			}
			return
		}
	}
	w.history.fail("result", o.id, "its result is of run %d, which is none of its own", o.result.Run)
}

// checkSuccess: where nothing goes wrong, every call succeeds.
func (w *world) checkSuccess() {
	for _, o := range w.history.calls {
		w.checkOneSuccess(o)
	}
}

func (w *world) checkOneSuccess(o *outcome) {
	if o.err == nil || o.limit != 0 || o.streamed || !w.scenario.isCalm(o.id.client) {
		return
	}
	var conflict *errors.DurableExecutionAlreadyStartedException // of two callers with two inputs for one execution
	var refused *errors.LambdaServiceException
	switch {
	case stderrors.As(o.err, &conflict), stderrors.Is(o.err, durable.ErrStopped):
	case stderrors.As(o.err, &refused) && refused.Code == "InvalidSignatureException": // it was under way for longer than a signature holds
	case o.id.item > 0 && stderrors.Is(o.err, context.Canceled): // the caller left the loop of the Map
	default:
		w.history.fail("success", o.id, "it fails although nothing goes wrong: %v", o.err)
	}
}

// closeTime is how long net/http may take to close a TLS connection. It waits for that, and for 50 ms where the reply came before the
// request was written whole, without a look at the context.
const closeTime = 5 * time.Second

// checkLimit: no call outlives its context.
func (w *world) checkLimit(o *outcome) {
	limit := o.limit
	if plan := w.scenario.clients[o.id.client]; !plan.own() {
		limit += closeTime
	}
	if o.limit > 0 && o.ended > limit {
		w.history.fail("context", o.id, "%s returns %v after its context ended: %v", o.what, o.ended-o.limit, o.err)
	}
}

// A retry costs 14 tokens at most, of 500. So the quota can only be exhausted after so many retries.
const fewestRetriesToExhaust = 34

// checkQuota: nobody is told that the quota is exhausted who cannot have exhausted it.
func (w *world) checkQuota() {
	retries := make(map[int]int) // by client
	for _, o := range w.history.calls {
		retries[o.id.client] += w.retriesAtMost(o)
	}
	for _, o := range w.history.calls {
		if w.scenario.clients[o.id.client].alone {
			continue // its ledger is exact
		}
		if stderrors.Is(o.err, retry.ErrQuotaExhausted) && retries[o.id.client] < fewestRetriesToExhaust {
			w.history.fail("quota", o.id, "it is exhausted after %d retries: %v", retries[o.id.client], o.err)
		}
	}
}

// retriesAtMost returns how many retries a call can have made.
func (w *world) retriesAtMost(o *outcome) int {
	plan := w.scenario.clients[o.id.client]
	var last *retry.MaxAttemptsError
	switch limit := plan.policy.WithDefaults().MaxAttempts - 1; {
	case plan.middleware == middlewareRetries, plan.middleware == middlewareInsists:
		return 2 * limit
	case stderrors.As(o.err, &last):
		return last.Attempts - 1
	case o.attempts > 0 && o.id.item == 0:
		return o.attempts - 1
	default:
		return limit
	}
}
