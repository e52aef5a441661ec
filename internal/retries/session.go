package retries

import (
	"context"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Session is the retry state of one call. It is made by [Start], used by one
// goroutine, and cheap until something fails.
type Session struct {
	policy   retry.Policy
	quota    *Quota
	attempts int
	cost     int64 // of the last retry
	schedule *schedule
}

// Start begins a call under p, whose zero fields take their defaults. quota is
// the client's and may be nil for none.
func Start(p *retry.Policy, quota *Quota) Session {
	policy := p.WithDefaults()
	if policy.Quota < 0 {
		quota = nil
	}
	return Session{policy: policy, quota: quota}
}

// Attempt counts another attempt and returns its number, from 1.
func (s *Session) Attempt() int {
	s.attempts++
	return s.attempts
}

// RetriesFunctionErrors reports whether an answered call may be made again because
// its function failed.
func (s *Session) RetriesFunctionErrors() bool {
	return s.policy.Retryable != nil && s.policy.Idempotent
}

// MaxAttempts returns the bound on attempts, for the Amz-Sdk-Request header.
func (s *Session) MaxAttempts() int { return s.policy.MaxAttempts }

// Succeeded gives tokens back to the quota.
func (s *Session) Succeeded() {
	if s.quota != nil {
		s.quota.giveBack(max(s.cost, successIncrement))
	}
}

// Failed decides what follows an attempt that failed with err, classified as
// class. Either it returns the delay to wait before the next attempt, at least
// zero, and nil; or the error of the call: err itself where no
// retry is due, or err in a [retry.MaxAttemptsError] or [retry.GaveUpError] where
// one was due but cannot be made. recovered says that the client has removed the
// cause of the failure: the delay is zero.
func (s *Session) Failed(ctx context.Context, err error, class retry.Class, recovered bool) (time.Duration, error) {
	if !class.Retryable || (class.MayHaveExecuted && !s.policy.Idempotent) {
		return 0, err
	}
	if s.attempts >= s.policy.MaxAttempts {
		return 0, &retry.MaxAttemptsError{Attempts: s.attempts, Err: err}
	}
	var delay time.Duration
	if !recovered {
		delay = s.delay(err, class)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return 0, &retry.GaveUpError{Attempts: s.attempts, Delay: delay, Reason: context.DeadlineExceeded, Err: err}
	}
	if !s.pay(class) {
		return 0, &retry.GaveUpError{Attempts: s.attempts, Delay: delay, Reason: retry.ErrQuotaExhausted, Err: err}
	}
	return delay, nil
}

// FunctionFailed decides what follows an attempt that was answered, and whose
// function failed with err. It returns the delay to wait before the next attempt,
// or false where none is due: then the answer stands. It may be asked only where
// RetriesFunctionErrors is true.
func (s *Session) FunctionFailed(ctx context.Context, err error) (time.Duration, bool) {
	if !s.policy.Retryable(err) {
		return 0, false
	}
	delay, final := s.Failed(ctx, err, retry.Class{Retryable: true, MayHaveExecuted: true}, false)
	return delay, final == nil
}

// Wait sleeps for delay. A context that ends first makes it return err, the
// last attempt's, in a [retry.GaveUpError] with the context's error as the reason.
func (s *Session) Wait(ctx context.Context, delay time.Duration, err error) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &retry.GaveUpError{Attempts: s.attempts, Delay: delay, Reason: ctx.Err(), Err: err}
	}
}

func (s *Session) delay(err error, class retry.Class) time.Duration {
	if s.schedule == nil {
		s.schedule = newSchedule(s.policy)
	}
	return s.schedule.next(class, hint(err), s.policy.MaxDelay)
}

func (s *Session) pay(class retry.Class) bool {
	cost := int64(costTransient)
	if class.Throttle {
		cost = costThrottle
	}
	if s.quota != nil && !s.quota.take(cost, int64(s.policy.Quota)) {
		return false
	}
	s.cost = cost
	return true
}
