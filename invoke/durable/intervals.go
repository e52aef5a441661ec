package durable

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Defaults of [Func.WithIntervals].
const (
	DefaultShortestInterval = 100 * time.Millisecond
	DefaultLongestInterval  = 30 * time.Second
)

// intervals are the times between two questions of one Wait. The zero value is
// the default.
type intervals struct {
	shortest, longest time.Duration
	current           time.Duration
}

func (v intervals) check() error {
	if v.shortest < 0 || v.longest < 0 {
		return &errors.OptionsError{Err: fmt.Errorf("durable: WithIntervals(%v, %v): an interval cannot be negative", v.shortest, v.longest)}
	}
	return nil
}

// withDefaults returns v at its start.
func (v intervals) withDefaults() intervals {
	if v.shortest == 0 {
		v.shortest = DefaultShortestInterval
	}
	if v.longest == 0 {
		v.longest = DefaultLongestInterval
	}
	v.longest = max(v.longest, v.shortest)
	v.current = v.shortest
	return v
}

// next returns the time to the next question: between a half and the whole of an
// interval that grows by a half each time, so that an execution is asked for the
// more seldom the longer it takes. class is that of the last question's error.
func (v *intervals) next(class retry.Class) time.Duration {
	d := v.current/2 + rand.N(v.current/2+1)
	v.current = min(v.current+v.current/2, v.longest)
	if class.Throttle {
		v.current = min(2*v.current, v.longest)
		d = max(2*d, class.After)
	}
	return d
}

// within shortens an interval that would end after the deadline of ctx, so that a
// result which comes before it is seen.
func (v *intervals) within(ctx context.Context, d time.Duration) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return d
	}
	if half := time.Until(deadline) / 2; half < d && half >= v.shortest {
		return half
	}
	return d
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
