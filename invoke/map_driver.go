package invoke

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// driver runs one Map. All of it happens in the goroutine of the caller's loop
// except for the calls themselves, so none of it needs a lock.
type driver[In, Out any] struct {
	fn     *Func[In, Out]
	opts   MapOptions
	yield  func(Result[In, Out]) bool
	caller caller
	ctx    context.Context
	cancel context.CancelFunc

	window governor // of calls at a time
	use    usage    // of the window
	pace   pacer    // of launches a second
	barred int      // refusals at the floor since a call was last admitted

	jobs     chan *job[In, Out] // to the workers
	ended    chan *job[In, Out] // from the workers
	workers  sync.WaitGroup
	hired    int // workers, each for one call at a time
	inFlight int
	launches uint64
	pulled   int // items taken from the input
	pending  int // of these, the ones not yet yielded

	again   []*job[In, Out]      // throttled, by index
	results queue[*job[In, Out]] // in the order in which to yield them
	spare   []*job[In, Out]      // jobs to use again
	timer   *time.Timer
	broken  bool // yield wants no more

	progress MapProgress
}

const (
	defaultMaxConcurrency = 1000
	// startConcurrency is where a Map starts when its bounds allow it: growth
	// from 1 would take three rounds to get there.
	startConcurrency = 8
)

func newDriver[In, Out any](ctx context.Context, f *Func[In, Out], opts MapOptions, yield func(Result[In, Out]) bool) *driver[In, Out] {
	if opts.MaxConcurrency <= 0 {
		opts.MaxConcurrency = defaultMaxConcurrency
	}
	low, high := float64(min(max(opts.MinConcurrency, 1), opts.MaxConcurrency)), float64(opts.MaxConcurrency)
	d := &driver[In, Out]{
		fn:     f,
		opts:   opts,
		yield:  yield,
		caller: newCaller(f.invoker, opts.Options),
		window: newGovernor(low, high, startConcurrency, 1, 10),
		pace:   newPacer(),
		jobs:   make(chan *job[In, Out]),
		ended:  make(chan *job[In, Out]),
		timer:  time.NewTimer(time.Hour),
	}
	d.ctx, d.cancel = context.WithCancel(ctx)
	return d
}

// start launches the call of a new item. There is room for it.
func (d *driver[In, Out]) start(item In) {
	var j *job[In, Out]
	if n := len(d.spare); n > 0 {
		j, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		j = new(job[In, Out])
	}
	j.result.Index, j.result.In = d.pulled, item
	d.pulled++
	d.pending++
	if d.opts.Ordered {
		d.results.push(j)
	}
	d.launch(j)
}

// launch hands a job to a worker, and hires one if all are busy: workers stay,
// because a goroutine that has made one call has the stack for the next.
func (d *driver[In, Out]) launch(j *job[In, Out]) {
	j.at = time.Now()
	j.paced = d.pace.launched(j.at)
	d.launches++
	j.launch = d.launches
	d.inFlight++
	d.use.launched(d.inFlight)
	if d.inFlight > d.hired {
		d.hired++
		d.workers.Go(d.work)
	}
	d.jobs <- j
}

// makeRoom yields results and waits for calls until another item may be
// started. It returns false when none may be, ever. Results are yielded one
// for each item that is started while there is room, so neither starves.
func (d *driver[In, Out]) makeRoom() bool {
	for {
		d.deliver()
		d.collect()
		if d.broken || d.ctx.Err() != nil {
			return false
		}
		now := time.Now()
		d.relaunch(now)
		delay, able := d.untilLaunch(now, true)
		if able && delay == 0 {
			return true
		}
		if !d.deliverable() {
			d.wait(delay, able)
		}
	}
}

// drain sees the items that were pulled to their end.
func (d *driver[In, Out]) drain() {
	for d.pending > 0 && !d.broken {
		d.deliver()
		d.collect()
		now := time.Now()
		over := d.ctx.Err() != nil
		switch {
		case !over:
			d.relaunch(now)
		case len(d.again) > 0:
			d.giveUp()
			d.report()
		}
		switch {
		case d.pending == 0 || d.broken || d.deliverable():
		case over: // what is pending is in flight
			d.take(<-d.ended)
		default:
			d.wait(d.untilLaunch(now, false))
		}
	}
}

// relaunch calls throttled items again, the oldest first, as far as is allowed.
func (d *driver[In, Out]) relaunch(now time.Time) {
	for {
		if delay, able := d.untilLaunch(now, false); !able || delay > 0 {
			return
		}
		i := slices.IndexFunc(d.again, func(j *job[In, Out]) bool { return !j.notBefore.After(now) })
		j := d.again[i]
		d.again = slices.Delete(d.again, i, i+1)
		d.launch(j)
	}
}

// untilLaunch returns how long it is until a throttled item may be launched,
// or with fresh one that is still to be pulled. It returns false when that takes
// until a call has ended or a result is taken.
func (d *driver[In, Out]) untilLaunch(now time.Time, fresh bool) (time.Duration, bool) {
	const never = time.Duration(math.MaxInt64)
	delay := never
	if d.inFlight < d.concurrency() {
		if fresh && d.pending < d.ahead() {
			delay = 0
		}
		for _, j := range d.again {
			delay = min(delay, max(0, j.notBefore.Sub(now)))
		}
	}
	if delay == never {
		return 0, false
	}
	return max(delay, d.pace.wait(now)), true
}

// concurrency is how many calls may be made at a time.
func (d *driver[In, Out]) concurrency() int {
	return int(d.window.allowed + 1e-9) // sums of fractions may fall short a little
}

// ahead is how many items may be pulled and not yielded. Results that arrive
// together would leave the function idle if it were just the concurrency; and
// in order, one slow call holds up the results of all that come after it.
func (d *driver[In, Out]) ahead() int {
	if d.opts.Ordered {
		return 8 * d.concurrency()
	}
	return 2 * d.concurrency()
}

// collect takes in the calls that have ended, without waiting.
func (d *driver[In, Out]) collect() {
	for {
		select {
		case j := <-d.ended:
			d.take(j)
		default:
			return
		}
	}
}

// wait sleeps until a call has ended, or with timed for delay, or until ctx
// ends. It must not ask ctx itself: ctx may have ended since its caller did, who
// then still has to end what waits to be called again.
func (d *driver[In, Out]) wait(delay time.Duration, timed bool) {
	var timer <-chan time.Time
	if timed {
		d.timer.Reset(delay)
		timer = d.timer.C
	}
	select {
	case j := <-d.ended:
		d.take(j)
	case <-timer:
	case <-d.ctx.Done():
	}
}

// take takes in a call that has ended.
func (d *driver[In, Out]) take(j *job[In, Out]) {
	d.inFlight--
	d.use.ended(d.inFlight, d.concurrency())
	switch {
	case j.panicked != nil:
		value := j.panicked
		j.panicked = nil // once is enough
		d.finish(j)
		panic(value)
	case j.exited:
		d.finish(j)
		runtime.Goexit()
	case j.throttle != nil:
		d.throttled(j)
	default:
		if j.replied {
			d.admitted(j)
		}
		d.finish(j)
	}
	d.report()
}

// admitted raises what is allowed, if it was made use of.
func (d *driver[In, Out]) admitted(j *job[In, Out]) {
	d.barred = 0
	if d.use.bears(d.concurrency()) {
		d.window.admitted()
	}
	if j.paced {
		d.pace.admitted()
	}
}

// throttled lowers what is allowed and puts the item back in line. A limit that
// is met at the floor again and again can only be kept by spacing.
func (d *driver[In, Out]) throttled(j *job[In, Out]) {
	d.progress.Throttled++
	now := time.Now()
	d.pace.recent.add(j.at, -1)
	if j.refusal.rate {
		d.pace.refused(j.launch, d.launches, now, j.refusal.after)
	} else {
		if float64(d.inFlight) < d.window.low {
			d.barred++
		}
		switch {
		case d.barred == 2:
			d.pace.refused(j.launch, d.launches, now, 0)
		case d.barred > 2:
			d.pace.barred(j.launch, d.launches, now)
		}
		d.window.refused(j.launch, d.launches, float64(d.inFlight))
	}
	j.notBefore = now.Add(j.refusal.after)
	at, _ := slices.BinarySearchFunc(d.again, j, func(a, b *job[In, Out]) int { return a.result.Index - b.result.Index })
	d.again = slices.Insert(d.again, at, j)
}

// finish makes the outcome of a job one to yield.
func (d *driver[In, Out]) finish(j *job[In, Out]) {
	j.finished = true
	d.progress.Done++
	if j.result.Err != nil {
		d.progress.Failed++
	}
	if !d.opts.Ordered {
		d.results.push(j)
	}
}

// giveUp ends the items that wait to be called again: ctx ended first.
func (d *driver[In, Out]) giveUp() {
	for _, j := range d.again {
		j.fail(operationError(operationInvoke, &retry.GaveUpError{Attempts: j.tries, Reason: d.ctx.Err(), Err: j.throttle}))
		d.finish(j)
	}
	d.again = nil
}

func (d *driver[In, Out]) report() {
	if d.opts.Progress != nil {
		d.progress.InFlight, d.progress.Concurrency = d.inFlight, d.concurrency()
		d.opts.Progress(d.progress)
	}
}

func (d *driver[In, Out]) deliverable() bool {
	j, ok := d.results.peek()
	return ok && j.finished
}

// deliver yields one result, if there is one.
func (d *driver[In, Out]) deliver() {
	if !d.deliverable() {
		return
	}
	j, _ := d.results.pop()
	d.pending--
	result := j.result
	*j = job[In, Out]{}
	d.spare = append(d.spare, j)
	d.broken = !d.yield(result)
}

// stop ends what is still in flight and waits for it.
func (d *driver[In, Out]) stop() {
	d.cancel()
	d.timer.Stop()
	for range d.inFlight {
		if j := <-d.ended; j.throttle != nil {
			d.again = append(d.again, j)
		} else {
			d.finish(j)
		}
	}
	d.giveUp()
	close(d.jobs)
	d.workers.Wait()
	var panicked error
	for j, ok := d.results.pop(); ok; j, ok = d.results.pop() {
		if d.opts.Abandoned != nil {
			d.opts.Abandoned(j.result.Index, j.result.Err)
		}
		if panicked == nil {
			panicked = j.panicked
		}
	}
	if panicked != nil {
		panic(panicked)
	}
}
