package fanout

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Config says how [Run] calls. Only Call and Fail are required.
type Config[T any] struct {
	// Call makes one call for the item, which it may change. It runs in a
	// goroutine of the package's own, never twice at a time for one item, and
	// should return soon after ctx ends. A panic or runtime.Goexit in it ends
	// the goroutine of Run in the same way.
	Call func(ctx context.Context, item *T) Outcome

	// Fail makes cause the item's error. It is called in the goroutine of Run
	// for an item that is not called, or not called again: with the context's
	// error, with context.DeadlineExceeded where ItemTimeout has passed, with
	// ErrStopped; and for an item whose call panicked or exited.
	Fail func(item *T, cause error)

	// Ordered yields the items in the order of the input, not as they finish.
	Ordered bool

	// MinConcurrency and MaxConcurrency bound the calls in flight. Less than 1
	// means 1 and 1,000. A minimum above the maximum counts as the maximum.
	MinConcurrency, MaxConcurrency int

	// ItemTimeout bounds each item, from its first call to its outcome: it is
	// the deadline of the context of its calls, and of its waits between them. 0
	// means none.
	ItemTimeout time.Duration

	// Stop, when closed, stops Run gracefully: the calls in flight end, nothing
	// more is pulled or called, and refused items fail with ErrStopped. May be
	// nil.
	Stop <-chan struct{}

	// Progress is called in the goroutine of Run after each call. May be nil.
	Progress func(Progress)

	// Abandoned is called in the goroutine of Run for each item that is not
	// yielded, because yield returned false or something panicked. May be nil.
	Abandoned func(item *T)
}

// ErrStopped is the cause of an item that is not called, or not called again,
// because Config.Stop was closed.
var ErrStopped = errors.New("stopped")

// Outcome is what Config.Call tells of a call.
type Outcome struct {
	Signal Signal
	// RetryAfter is how long a refused item waits at least.
	RetryAfter time.Duration
	// Failed counts the item in Progress.Failed. It has no meaning for a refused
	// one, which is called again.
	Failed bool
}

// Signal is what the outcome of a call says of the service's limits.
type Signal uint8

const (
	// None says nothing: the call failed for a reason of its own.
	None Signal = iota
	// Admitted says that the service accepted the call.
	Admitted
	// ConcurrencyExceeded says that it refused it: too many were running.
	ConcurrencyExceeded
	// RateExceeded says that it refused it: too many came in a second.
	RateExceeded
)

func (s Signal) refused() bool { return s == ConcurrencyExceeded || s == RateExceeded }

// Progress is the state of a [Run].
type Progress struct {
	Done        int // items that have an outcome, failed ones included
	Failed      int // items that failed
	Throttled   int // calls that were refused
	InFlight    int // calls being made
	Concurrency int // calls that may be made at a time
}

const (
	defaultMaxConcurrency = 1000
	// startConcurrency is the initial window where the bounds allow it: slow
	// start from 1 would take three rounds to get there.
	startConcurrency = 8
)

// Run calls c.Call for every item of in until the call was not refused, and
// yields the items. in and yield run in the goroutine of the caller.
//
// The input is pulled as results are taken: at most twice the concurrency is
// pulled and not yet yielded, eight times in order. When ctx ends or c.Stop is
// closed, nothing more is pulled or called, and Run returns once the calls in
// flight have ended and every item that was pulled is yielded. When yield returns false, or in, yield
// or a call panics, the calls in flight are cancelled and waited for.
func Run[T any](ctx context.Context, in iter.Seq[T], c Config[T], yield func(T) bool) {
	s := newScheduler(ctx, c, yield)
	defer s.shutdown()
	if s.over() == nil {
		for item := range in {
			s.start(item)
			if !s.makeRoom() {
				break
			}
		}
	}
	s.drain()
}
