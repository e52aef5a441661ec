package invoke

import (
	"context"
	"iter"

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
	// to eight times the concurrency ahead of the oldest that is unfinished.
	// The default yields each result as soon as it is there.
	Ordered bool

	// MinConcurrency is the floor: so many calls are made at a time even where
	// the service admits fewer. 0 means 1. A floor above what the service
	// admits makes for throttled requests without end.
	MinConcurrency int

	// MaxConcurrency is the ceiling. 0 means 1,000, the quota that most
	// accounts have. A floor above the ceiling counts as the ceiling.
	MaxConcurrency int

	// Progress is called whenever a call has ended, in the goroutine that
	// runs the loop, so it needs no locks and should return soon. nil reports
	// nothing.
	Progress func(MapProgress)

	// Abandoned is called when the loop is left early, by break or panic, for
	// every item whose result was not yielded any more, in the goroutine of
	// the loop. err is nil where the function had succeeded already; else
	// errors.MayHaveExecuted tells whether it may have run. nil drops them.
	Abandoned func(index int, err error)

	// Options change the client's options for all calls of this Map.
	Options []func(*Options)
}

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
// Concurrency finds its own level. It grows while calls succeed; when the
// service throttles, it falls below what was just admitted, comes back, and
// tries for more only now and then, so that few requests are wasted and room is
// left for the account's other functions. Where the limit is one of requests
// per second, the requests are spaced. A throttled item goes back in line,
// oldest first, for as long as it takes: only ctx ends that. A wait that the
// service asks for is kept, up to the policy's MaxDelay. Errors that the
// function provably did not see are retried as the client's policy says. Any
// other error is that item's Err.
//
// Each request of Map is a call of its own: the Attempts of its output is 1, the
// endpoint sees another invocation ID, and it is Map that waits, so the client
// logs no retry. What it took, [MapOptions].Progress tells.
//
// The input is pulled as results are consumed: at most twice the concurrency is
// pulled and not yet yielded, eight times in order. So in may be endless, and
// memory does not grow with it. in runs in the goroutine of the loop; while it
// blocks, no results are yielded.
//
// When ctx ends, nothing more is sent or pulled, and the loop ends after the
// results of all items that had been pulled: those in flight have an error, and
// errors.MayHaveExecuted tells which of them may have run. Leaving the loop
// early also ends the calls in flight; see [MapOptions].Abandoned. In every
// case, a panic included, no goroutine is left when the loop is over. It waits
// for the [Invoker] to return, which a [Client] does at once when ctx ends. A
// panic in a call (an Invoker's, a MarshalJSON method's) becomes one of the
// loop.
//
// Nothing happens before the sequence is ranged over. It may be ranged over
// again, which makes all calls again. What the [FuncOptions] hooks do must be
// safe for concurrent use.
func (f *Func[In, Out]) Map(ctx context.Context, in iter.Seq[In], optFns ...func(*MapOptions)) iter.Seq[Result[In, Out]] {
	var opts MapOptions
	for _, fn := range optFns {
		fn(&opts)
	}
	return func(yield func(Result[In, Out]) bool) {
		m := &mapping[In, Out]{fn: f, client: newMapClient(f.invoker, opts.Options)}
		config := fanout.Config[mapItem[In, Out]]{
			Call:           m.call,
			Fail:           m.fail,
			Ordered:        opts.Ordered,
			MinConcurrency: opts.MinConcurrency,
			MaxConcurrency: opts.MaxConcurrency,
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
