package fanout

import (
	"context"
	"sync"
	"time"
)

// scheduler is one Run. All of it is used in the goroutine of Run alone, except
// for the channels, config.Call and ctx, which workers use too.
type scheduler[T any] struct {
	config Config[T]
	yield  func(T) bool
	ctx    context.Context
	cancel context.CancelFunc

	window  limiter // of calls in flight
	usage   usage   // of the window
	rate    rateLimiter
	blocked int // refusals with less than MinConcurrency in flight since a call was last admitted

	jobs     chan *job[T] // to the workers
	ended    chan *job[T] // from the workers
	workers  sync.WaitGroup
	started  int // workers, each for one call at a time
	inFlight int
	launches uint64
	pulled   int // items taken from the input
	pending  int // of these, the ones not yet yielded

	retries retryQueue[T]
	results fifo[*job[T]] // in the order in which to yield them
	free    []*job[T]     // to be used again
	timer   *time.Timer
	broken  bool // yield returned false

	progress Progress
}

func newScheduler[T any](ctx context.Context, c Config[T], yield func(T) bool) *scheduler[T] {
	if c.MaxConcurrency <= 0 {
		c.MaxConcurrency = defaultMaxConcurrency
	}
	low, high := float64(min(max(c.MinConcurrency, 1), c.MaxConcurrency)), float64(c.MaxConcurrency)
	s := &scheduler[T]{
		config: c,
		yield:  yield,
		window: newLimiter(low, high, startConcurrency, 1, 10),
		rate:   newRateLimiter(),
		jobs:   make(chan *job[T]),
		ended:  make(chan *job[T]),
		timer:  time.NewTimer(time.Hour),
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	return s
}

// over returns why nothing may be called any more, nil while calls may be made.
func (s *scheduler[T]) over() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.config.Stop:
		return ErrStopped
	default:
		return nil
	}
}

// start launches the first call of a new item. Where Stop was closed while the
// input was waited for, the item fails instead.
func (s *scheduler[T]) start(item T) {
	var j *job[T]
	if n := len(s.free); n > 0 {
		j, s.free = s.free[n-1], s.free[:n-1]
	} else {
		j = new(job[T])
	}
	j.item, j.index = item, s.pulled
	s.pulled++
	s.pending++
	if s.config.Ordered {
		s.results.push(j)
	}
	if s.over() == ErrStopped { //nolint:errorlint // returned as it is
		s.fail(j, ErrStopped)
		s.finish(j)
		s.report()
		return
	}
	if s.config.ItemTimeout > 0 {
		j.deadline = time.Now().Add(s.config.ItemTimeout)
	}
	s.launch(j)
}

// launch hands a job to a worker, and starts one if all are busy. Workers are
// kept: the stack of a goroutine that has made one call is large enough for the
// next.
func (s *scheduler[T]) launch(j *job[T]) {
	j.launchedAt = time.Now()
	j.paced = s.rate.launched(j.launchedAt)
	s.launches++
	j.seq = s.launches
	s.inFlight++
	s.usage.launched(s.inFlight)
	if s.inFlight > s.started {
		s.started++
		s.workers.Go(s.work)
	}
	s.jobs <- j
}

// makeRoom yields results and waits for calls until another item may be
// started. It returns false where none may be any more. While there is room, it
// yields one result for each item that is started, so neither side starves.
func (s *scheduler[T]) makeRoom() bool {
	for {
		s.deliver()
		s.collect()
		if s.broken || s.over() != nil {
			return false
		}
		now := time.Now()
		s.relaunch(now)
		delay := s.untilLaunch(now, true)
		if delay == 0 {
			return true
		}
		if !s.deliverable() {
			s.wait(delay)
		}
	}
}

// drain finishes and yields the items that were pulled.
func (s *scheduler[T]) drain() {
	for s.pending > 0 && !s.broken {
		s.deliver()
		s.collect()
		now := time.Now()
		over := s.over()
		switch {
		case over == nil:
			s.relaunch(now)
		case len(s.retries) > 0:
			s.failRetries(over)
			s.report()
		}
		switch {
		case s.pending == 0 || s.broken || s.deliverable():
		case over != nil: // what is pending is in flight
			s.take(<-s.ended)
		default:
			s.wait(s.untilLaunch(now, false))
		}
	}
}

// relaunch calls refused items again, as far as the limits allow, and fails those
// whose deadline has passed.
func (s *scheduler[T]) relaunch(now time.Time) {
	for j := s.retries.popExpired(now); j != nil; j = s.retries.popExpired(now) {
		s.fail(j, context.DeadlineExceeded)
		s.finish(j)
		s.report()
	}
	for s.untilLaunch(now, false) == 0 {
		s.launch(s.retries.pop(now))
	}
}

// untilLaunch returns how long it is until a refused item may be launched, or
// with fresh one that is still to be pulled; never, if first a call has to end
// or a result to be yielded.
func (s *scheduler[T]) untilLaunch(now time.Time, fresh bool) time.Duration {
	delay := never
	if s.inFlight < s.concurrency() {
		delay = s.retries.wait(now)
		if fresh && s.pending < s.ahead() {
			delay = 0
		}
	}
	if delay == never {
		return never
	}
	return max(delay, s.rate.wait(now))
}

// concurrency is how many calls may be in flight.
func (s *scheduler[T]) concurrency() int {
	return int(s.window.window + 1e-9) // sums of fractions may fall short a little
}

// ahead is how many items may be pulled and not yielded. With no more than the
// concurrency, the function would be idle while results that came together are
// yielded; and in order, one slow call delays the results of all that follow it.
func (s *scheduler[T]) ahead() int {
	if s.config.Ordered {
		return 8 * s.concurrency()
	}
	return 2 * s.concurrency()
}

// collect takes the calls that have ended, without waiting.
func (s *scheduler[T]) collect() {
	for {
		select {
		case j := <-s.ended:
			s.take(j)
		default:
			return
		}
	}
}

// wait returns when a call has ended, after delay, when an item in the retry
// queue expires, when ctx ends, or when Stop is closed. It does not look at ctx
// first: ctx may have ended since the caller looked, which then still has to fail
// the items in the retry queue.
func (s *scheduler[T]) wait(delay time.Duration) {
	if s.config.ItemTimeout > 0 {
		delay = min(delay, s.retries.untilExpiry(time.Now()))
	}
	var timer <-chan time.Time
	if delay < never {
		s.timer.Reset(delay)
		timer = s.timer.C
	}
	select {
	case j := <-s.ended:
		s.take(j)
	case <-timer:
	case <-s.config.Stop:
	case <-s.ctx.Done():
	}
}

func (s *scheduler[T]) report() {
	if s.config.Progress != nil {
		s.progress.InFlight, s.progress.Concurrency = s.inFlight, s.concurrency()
		s.config.Progress(s.progress)
	}
}

func (s *scheduler[T]) deliverable() bool {
	j, ok := s.results.peek()
	return ok && j.finished
}

// deliver yields one result, if there is one.
func (s *scheduler[T]) deliver() {
	if !s.deliverable() {
		return
	}
	j, _ := s.results.pop()
	s.pending--
	item := j.item
	*j = job[T]{}
	s.free = append(s.free, j)
	s.broken = !s.yield(item)
}

// shutdown cancels the calls in flight, waits for them, and reports the items
// that were not yielded. A call that panicked only now makes it panic.
func (s *scheduler[T]) shutdown() {
	s.cancel()
	s.timer.Stop()
	for range s.inFlight {
		if j := <-s.ended; j.outcome.Signal.refused() {
			s.retries.push(j)
		} else {
			s.finish(j)
		}
	}
	s.failRetries(s.ctx.Err())
	close(s.jobs)
	s.workers.Wait()
	var panicked error
	for j, ok := s.results.pop(); ok; j, ok = s.results.pop() {
		if s.config.Abandoned != nil {
			s.config.Abandoned(&j.item)
		}
		if panicked == nil {
			panicked = j.panicked
		}
	}
	if panicked != nil {
		panic(panicked)
	}
}
