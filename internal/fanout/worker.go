package fanout

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/panics"
)

// job is one item on its way. A worker owns it while its call runs, the
// scheduler otherwise.
type job[T any] struct {
	item     T
	index    int       // position in the input
	deadline time.Time // of the item, zero if it has none
	finished bool

	// Set by the scheduler at each launch.
	seq        uint64    // number of the launch, from 1
	launchedAt time.Time // when
	paced      bool      // the rate limiter delayed it

	// Set by the worker as the call ends.
	outcome  Outcome
	panicked error // not nil if the call panicked
	exited   bool  // the call ended its goroutine

	notBefore time.Time // of the next launch, set as the job enters the retry queue
}

// expired reports whether the item's deadline is not after the time given.
func (j *job[T]) expired(at time.Time) bool { return !j.deadline.IsZero() && !j.deadline.After(at) }

// work makes calls until there are no more.
func (s *scheduler[T]) work() {
	for j := range s.jobs {
		s.perform(j)
	}
}

// perform makes one call and hands the job back, also where the call panics or
// ends its goroutine.
func (s *scheduler[T]) perform(j *job[T]) {
	j.outcome, j.exited = Outcome{}, true
	defer func() {
		if value := recover(); value != nil {
			j.exited, j.panicked = false, &panics.Error{Of: "a call of Map", Value: value, Stack: debug.Stack()}
		}
		s.ended <- j
	}()
	j.outcome = s.call(j)
	j.exited = false
}

func (s *scheduler[T]) call(j *job[T]) Outcome {
	ctx := s.ctx
	if !j.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, j.deadline)
		defer cancel()
	}
	return s.config.Call(ctx, &j.item)
}

var errExited = errors.New("a call of Map ended its goroutine")
