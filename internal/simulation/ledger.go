package simulation

import (
	"context"
	stderrors "errors"
	"sync"

	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// What the documentation of retry.Policy says that a retry costs, and what a call that needed none gives back.
const (
	costOfRetry         = 14
	costOfThrottleRetry = 5
	successGivesBack    = 1
)

// ledger keeps the account of a client's retry quota, from what the client tells its middleware and its logger. It is exact for a client
// whose caller makes one call at a time: with more, the order in which they pay and give back cannot be seen from outside.
type ledger struct {
	fail func(format string, args ...any)

	mu       sync.Mutex
	tokens   int // of a full quota
	left     int
	paid     int  // for the last retry of the call under way
	throttle bool // the last attempt was throttled
}

func newLedger(policy retry.Policy, fail func(format string, args ...any)) *ledger {
	tokens := policy.WithDefaults().Quota
	return &ledger{fail: fail, tokens: tokens, left: tokens}
}

// add puts the ledger around the retry loop and around each of its attempts.
func (l *ledger) add(stack *middleware.Stack) error {
	loop := middleware.FinalizeMiddlewareFunc("ledger of calls", l.call)
	if err := stack.Finalize.Insert(loop, "Retry", middleware.Before); err != nil {
		return err
	}
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("ledger of attempts", l.attempt), "Retry", middleware.After)
}

func (l *ledger) cost() int {
	if l.throttle {
		return costOfThrottleRetry
	}
	return costOfRetry
}

func (l *ledger) call(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	l.mu.Lock()
	l.paid = 0
	l.mu.Unlock()
	out, metadata, err = next.HandleFinalize(ctx, in)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.left = min(l.left+max(l.paid, successGivesBack), l.tokens)
	case stderrors.Is(err, retry.ErrQuotaExhausted) && l.left >= l.cost():
		l.fail("it is said to be exhausted, and has %d tokens for a retry of %d", l.left, l.cost())
	}
	return out, metadata, err
}

func (l *ledger) attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleFinalize(ctx, in)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.throttle = retry.Classify(err).Throttle
	return out, metadata, err
}

// LogAttempt does nothing.
func (l *ledger) LogAttempt(context.Context, invoke.AttemptRecord) {}

// LogRetry takes the cost of a retry off the account.
func (l *ledger) LogRetry(context.Context, invoke.RetryRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paid = l.cost()
	if l.left -= l.paid; l.left < 0 {
		l.fail("a retry of %d tokens was made with %d left", l.paid, l.left+l.paid)
	}
}

var _ invoke.Logger = (*ledger)(nil)
