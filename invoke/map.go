package invoke

import (
	"context"
	"iter"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
)

// Result is the outcome of one item of [Func.Map].
type Result[In, Out any] struct {
	// Index is the item's position in the input, from 0.
	Index int
	// In is the item.
	In In
	// Out is what the function made of it; the zero value if Err is set.
	Out Out
	// Err is what [Func.Call] would have returned, nil on success.
	// errors.MayHaveExecuted tells whether the function may have run.
	Err error
}

// MapOptions configures [Func.Map]. Every field works as its zero value.
type MapOptions struct {
	// Ordered yields the results in the order of the input. Calls then run up
	// to eight times the concurrency ahead of the oldest unfinished one. The
	// default yields each result as soon as it is there.
	Ordered bool

	// InvocationType is how the function is called. Empty means
	// InvocationTypeRequestResponse. InvocationTypeEvent queues every item as an
	// event, as [Func.Send] does: a nil Err then says that the service has
	// accepted the event, and Out is the zero value.
	InvocationType InvocationType

	// MinConcurrency is the least number of calls made at a time, even where
	// the service admits fewer, which then throttles the others again and
	// again. 0 means 1.
	MinConcurrency int

	// MaxConcurrency is the largest number of calls made at a time. 0 means
	// 1,000, the quota of most accounts. Where MinConcurrency is larger,
	// MaxConcurrency holds.
	MaxConcurrency int

	// ItemTimeout bounds the time that one item takes, from its first request
	// to its outcome, with all retries and all waits after throttling. When it
	// has passed, the item's Err is context.DeadlineExceeded (errors.Is), and
	// errors.MayHaveExecuted tells whether the function may have run. 0 means
	// no bound: a throttled item waits until ctx ends.
	ItemTimeout time.Duration

	// Stop ends the Map gracefully once it is closed; [context.Context].Done
	// fits. No further item is pulled and no further call is made, calls in
	// flight go on to their end, the policy's retries included, and their
	// results are yielded. An item that was pulled and is throttled fails with
	// [ErrMapStopped]; its function did not run. nil never stops it.
	Stop <-chan struct{}

	// Progress is called whenever an item has an outcome or is throttled, in
	// the goroutine of the loop, so it needs no locks and should return soon.
	// nil reports nothing.
	Progress func(MapProgress)

	// Abandoned is called when the loop is left early, by break or panic, for
	// each item that was pulled and not yielded, in the goroutine of the loop.
	// err is nil where the function had succeeded already; otherwise
	// errors.MayHaveExecuted tells whether it may have run. nil drops them.
	Abandoned func(index int, err error)

	// Options change the client's options for all calls of this Map.
	Options []func(*Options)
}

// ErrMapStopped is found by errors.Is in the Err of an item that was pulled and
// not called, or throttled and not called again, because [MapOptions].Stop was
// closed. Where an idempotent item had other requests before,
// errors.MayHaveExecuted answers for these, too.
var ErrMapStopped error = mapStoppedError{}

type mapStoppedError struct{}

func (mapStoppedError) Error() string { return "the Map was stopped" }

// MayHaveExecuted is false: the item was not called.
func (mapStoppedError) MayHaveExecuted() bool { return false }

// MapProgress is the state of a [Func.Map].
type MapProgress struct {
	Done        int // items that have an outcome, failed ones included
	Failed      int // items whose outcome is an error
	Throttled   int // requests that the service refused; their items are not lost
	InFlight    int // calls being made
	Concurrency int // calls that may be made at a time, as the service admits them
}

// Map calls the function for every item of in and yields the results, as they
// come or in order ([MapOptions].Ordered):
//
//	for r := range f.Map(ctx, slices.Values(orders)) {
//		if r.Err != nil { ... }
//	}
//
// Map finds by itself how many calls the service admits at a time, as TCP finds
// its window: their number grows while calls succeed, falls when the service
// throttles, and grows again slowly, so that about one request in a hundred is
// throttled. Where the limit is one of requests per second, the requests are
// spaced. A throttled item is called again, oldest first, until ctx ends,
// ItemTimeout has passed or Stop is closed. A Retry-After of the service is
// kept, up to the policy's MaxDelay. Other errors are retried as the client's
// policy says, those of a function that failed included: by itself, only after an
// error that proves that the function did not run. Any other error is that item's
// Err.
//
// Each request of Map is an Invoke of its own: the Attempts of its output is 1,
// the endpoint sees another invocation ID, and the client logs no retry, because
// Map does the waiting. [MapOptions].Progress counts the throttled requests.
//
// The input is pulled as results are consumed: at most twice the concurrency is
// pulled and not yet yielded, eight times in order. So in may be endless, and
// memory does not grow with it. in runs in the goroutine of the loop. While in
// or the body of the loop blocks, no result is yielded, no throttled item is
// called again, and a Stop is not yet seen.
//
// When ctx ends, nothing more is sent or pulled, and the loop ends after the
// results of all items that had been pulled. Those in flight have an error, and
// errors.MayHaveExecuted tells which of them may have run. Leaving the loop
// early also cancels the calls in flight; see [MapOptions].Abandoned. For a
// graceful end see [MapOptions].Stop. In every case, a panic included, no
// goroutine is left when the loop is over: Map waits for the [Invoker] to
// return, which a [Client] does at once when ctx ends. A panic in a call (an
// Invoker's, a MarshalJSON method's) becomes one of the loop.
//
// Nothing happens before the sequence is ranged over. It may be ranged over
// again, which makes all calls again. Prepare and Observe of the [FuncOptions]
// are called concurrently.
func (f *Func[In, Out]) Map(ctx context.Context, in iter.Seq[In], optFns ...func(*MapOptions)) iter.Seq[Result[In, Out]] {
	var opts MapOptions
	for _, fn := range optFns {
		fn(&opts)
	}
	return func(yield func(Result[In, Out]) bool) {
		if ctx == nil {
			for item := range mapItems[In, Out](in) {
				if item.result.Err = unusable(operationInvoke, nilContext); !yield(item.result) {
					return
				}
			}
			return
		}
		m := &mapping[In, Out]{fn: f, client: newMapClient(f.invoker, opts.Options), invocationType: opts.InvocationType}
		config := fanout.Config[mapItem[In, Out]]{
			Call:           m.call,
			Fail:           m.fail,
			Ordered:        opts.Ordered,
			MinConcurrency: opts.MinConcurrency,
			MaxConcurrency: opts.MaxConcurrency,
			ItemTimeout:    opts.ItemTimeout,
			Stop:           opts.Stop,
		}
		if opts.Progress != nil {
			config.Progress = func(p fanout.Progress) { opts.Progress(MapProgress(p)) }
		}
		if opts.Abandoned != nil {
			config.Abandoned = func(item *mapItem[In, Out]) { opts.Abandoned(item.result.Index, item.result.Err) }
		}
		fanout.Run(ctx, mapItems[In, Out](in), config, func(item mapItem[In, Out]) bool { return yield(item.result) })
	}
}

// mapItems numbers the items of in.
func mapItems[In, Out any](in iter.Seq[In]) iter.Seq[mapItem[In, Out]] {
	return func(yield func(mapItem[In, Out]) bool) {
		index := 0
		for value := range in {
			if !yield(mapItem[In, Out]{result: Result[In, Out]{Index: index, In: value}}) {
				return
			}
			index++
		}
	}
}
