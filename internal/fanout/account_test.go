package fanout_test

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
)

// item is what the tests call for: a number, and how it ended.
type item struct {
	n   int
	err error
}

func fail(i *item, cause error) { i.err = cause }

// upTo yields n items from 0, and counts them in pulled.
func upTo(n int, pulled *int) iter.Seq[item] {
	return func(yield func(item) bool) {
		for i := range n {
			*pulled++
			if !yield(item{n: i}) {
				return
			}
		}
	}
}

// endless is an infinite sequence.
func endless(yield func(item) bool) {
	for i := 0; yield(item{n: i}); i++ {
	}
}

// configure returns a configuration for call, with optFns applied.
func configure(call func(context.Context, *item) fanout.Outcome, optFns ...func(*config)) config {
	c := config{Call: call, Fail: fail}
	for _, fn := range optFns {
		fn(&c)
	}
	return c
}

type config = fanout.Config[item]

func unordered(*config) {}
func ordered(c *config) { c.Ordered = true }

func width(n int) func(*config) {
	return func(c *config) { c.MinConcurrency, c.MaxConcurrency = n, n }
}

// modes are the two orders of results, for tests that hold for both.
var modes = map[string]func(*config){"as they finish": unordered, "in order": ordered}

// admitted makes the outcome of a call of what has ended it.
func admitted(i *item, err error) fanout.Outcome {
	if i.err = err; err != nil {
		return fanout.Outcome{Failed: true}
	}
	return fanout.Outcome{Signal: fanout.Admitted}
}

func refused(signal fanout.Signal, after time.Duration) fanout.Outcome {
	return fanout.Outcome{Signal: signal, RetryAfter: after}
}

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

// account keeps limits as the service does, in virtual time.
type account struct {
	roundTrip  time.Duration        // what a refusal takes, and a call beside its duration
	duration   func() time.Duration // of the function
	after      time.Duration        // RetryAfter of refusals
	unspecific bool                 // refusals for the rate do not say so

	mu      sync.Mutex
	limit   int // of calls at a time, if not negative
	running int
	rate    float64 // of calls a second, if not 0
	tokens  float64
	filled  time.Time

	admitted, refused int
}

func (a *account) call(ctx context.Context, i *item) fanout.Outcome {
	err := sleep(ctx, a.roundTrip/2)
	if err == nil {
		if signal := a.admit(); signal != fanout.Admitted {
			if err = sleep(ctx, a.roundTrip/2); err == nil {
				return refused(signal, a.after)
			}
			return admitted(i, err)
		}
		err = sleep(ctx, a.duration())
		a.mu.Lock()
		a.running--
		a.mu.Unlock()
	}
	if err == nil {
		err = sleep(ctx, a.roundTrip/2)
	}
	return admitted(i, err)
}

func (a *account) admit() fanout.Signal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.limit >= 0 && a.running >= a.limit {
		a.refused++
		return fanout.ConcurrencyExceeded
	}
	if a.rate > 0 {
		now := time.Now()
		if a.filled.IsZero() {
			a.tokens = a.rate / 10
		}
		a.tokens = min(max(a.rate/10, 1), a.tokens+now.Sub(a.filled).Seconds()*a.rate)
		a.filled = now
		if a.tokens < 1 {
			a.refused++
			if a.unspecific {
				return fanout.ConcurrencyExceeded
			}
			return fanout.RateExceeded
		}
		a.tokens--
	}
	a.running++
	a.admitted++
	return fanout.Admitted
}

func (a *account) setLimit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limit = n
}

// count returns the calls admitted and refused since it was last called.
func (a *account) count() (admitted, refused int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	admitted, refused = a.admitted, a.refused
	a.admitted, a.refused = 0, 0
	return admitted, refused
}

func constant(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

// varied gives durations around d that are never the same, from a tenth of it
// to seven times it. More would be about how far a Run in order gets ahead of
// one slow call.
func varied(d time.Duration) func() time.Duration {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return d/10 + time.Duration(0.9*float64(d)*min(random.ExpFloat64(), 7.5))
	}
}

// phase is a while with one limit of calls at a time.
type phase struct {
	limit  int
	length time.Duration
}

// settling is how long it takes at most until a Run has found a limit after
// another: it probes once in a hundred calls, and then grows by the round.
func settling(from, to int, call time.Duration) time.Duration {
	return call * time.Duration(30+150/min(from, to))
}

// drive goes through the phases of an account, and calls check with the calls
// that each saw admitted and refused.
func drive(t *testing.T, a *account, phases []phase, check func(i int, admitted, refused int), optFns ...func(*config)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var phasing sync.WaitGroup
		phasing.Go(func() {
			defer cancel()
			for i, p := range phases {
				a.setLimit(p.limit)
				time.Sleep(p.length)
				admitted, refused := a.count()
				check(i, admitted, refused)
			}
		})
		fanout.Run(ctx, endless, configure(a.call, optFns...), func(item) bool { return true })
		phasing.Wait()
	})
}
