package fanout

import (
	"context"
	"runtime"
	"time"
)

// take takes a job back whose call has ended.
func (s *scheduler[T]) take(j *job[T]) {
	s.inFlight--
	s.usage.ended(s.inFlight, s.concurrency())
	switch {
	case j.panicked != nil:
		value := j.panicked
		s.finish(j)
		j.panicked = nil // so that shutdown does not panic with it again
		panic(value)
	case j.exited:
		s.finish(j)
		runtime.Goexit()
	case j.outcome.Signal.refused():
		s.refused(j)
	default:
		if j.outcome.Signal == Admitted {
			s.admitted(j)
		}
		s.finish(j)
	}
	s.report()
}

// admitted raises the limits that the call has tried.
func (s *scheduler[T]) admitted(j *job[T]) {
	s.blocked = 0
	if s.usage.validates(s.concurrency()) {
		s.window.admitted()
	}
	if j.paced {
		s.rate.admitted()
	}
}

// refused lowers the limit that was exceeded and queues the item. Where the
// window is at its minimum and calls are refused still, the only way to make
// fewer requests is to space them.
func (s *scheduler[T]) refused(j *job[T]) {
	s.progress.Throttled++
	now := time.Now()
	s.rate.uncount(j.launchedAt)
	if j.outcome.Signal == RateExceeded {
		s.rate.refused(j.seq, s.launches, now, j.outcome.RetryAfter)
	} else {
		if float64(s.inFlight) < s.window.min {
			s.blocked++
		}
		switch {
		case s.blocked == 2:
			s.rate.refused(j.seq, s.launches, now, 0)
		case s.blocked > 2:
			s.rate.blocked(j.seq, s.launches, now)
		}
		s.window.refused(j.seq, s.launches, float64(s.inFlight))
	}
	j.notBefore = now.Add(j.outcome.RetryAfter)
	if j.expired(j.notBefore) { // no use to wait for it
		s.fail(j, context.DeadlineExceeded)
		s.finish(j)
		return
	}
	s.retries.push(j)
}

// finish makes a job one to yield.
func (s *scheduler[T]) finish(j *job[T]) {
	switch {
	case j.panicked != nil:
		s.fail(j, j.panicked)
	case j.exited:
		s.fail(j, errExited)
	}
	j.finished = true
	s.progress.Done++
	if j.outcome.Failed {
		s.progress.Failed++
	}
	if !s.config.Ordered {
		s.results.push(j)
	}
}

func (s *scheduler[T]) fail(j *job[T], cause error) {
	s.config.Fail(&j.item, cause)
	j.outcome = Outcome{Failed: true}
}

// failRetries finishes the items in the retry queue.
func (s *scheduler[T]) failRetries(cause error) {
	for _, j := range s.retries {
		s.fail(j, cause)
		s.finish(j)
	}
	s.retries = nil
}
