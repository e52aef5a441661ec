package fanout_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
)

func stoppedBy(stop <-chan struct{}) func(*config) {
	return func(c *config) { c.Stop = stop }
}

func TestAStopLetsCallsInFlightEndAndBeginsNoOthers(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stop := make(chan struct{})
				time.AfterFunc(2500*time.Millisecond, func() { close(stop) })
				start, pulled, late := time.Now(), 0, atomic.Int32{}
				ended, queued := 0, 0
				fanout.Run(t.Context(), upTo(1000, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
					if time.Since(start) > 2500*time.Millisecond {
						late.Add(1)
					}
					if i.n >= 7 { // always
						return refused(fanout.ConcurrencyExceeded, time.Hour)
					}
					return admitted(i, sleep(ctx, time.Second))
				}, width(3), mode, stoppedBy(stop)), func(i item) bool {
					if i.err == nil {
						ended++
					} else {
						require.ErrorIs(t, i.err, fanout.ErrStopped)
						require.GreaterOrEqual(t, i.n, 7)
						queued++
					}
					return true
				})
				require.Equal(t, 3*time.Second, time.Since(start), "when the calls in flight end")
				require.Equal(t, pulled, ended+queued)
				require.Equal(t, 7, ended)
				require.NotZero(t, queued)
				require.Zero(t, late.Load())
			})
		})
	}
}

func TestAStopAfterwardsOrBeforehand(t *testing.T) {
	stop := make(chan struct{})
	pulled, results := 0, 0
	call := func(_ context.Context, i *item) fanout.Outcome { return admitted(i, nil) }
	run := func() {
		fanout.Run(t.Context(), upTo(5, &pulled), configure(call, stoppedBy(stop)), func(item) bool {
			results++
			return true
		})
	}
	run()
	require.Equal(t, 5, results)
	close(stop)
	run()
	require.Equal(t, 5, results)
	require.Equal(t, 5, pulled)
}

func TestAnItemPulledAfterAStopFails(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stop := make(chan struct{})
				var calls atomic.Int32
				var last fanout.Progress
				var errs []error
				fanout.Run(t.Context(), func(yield func(item) bool) {
					if yield(item{}) {
						close(stop) // while the input is waited for
						yield(item{n: 1})
					}
				}, configure(func(ctx context.Context, i *item) fanout.Outcome {
					calls.Add(1)
					return admitted(i, sleep(ctx, time.Second))
				}, mode, stoppedBy(stop), func(c *config) {
					c.Progress = func(p fanout.Progress) { last = p }
				}), func(i item) bool {
					errs = append(errs, i.err)
					return true
				})
				require.ElementsMatch(t, []error{nil, fanout.ErrStopped}, errs)
				require.Equal(t, int32(1), calls.Load())
				require.Equal(t, 2, last.Done)
				require.Equal(t, 1, last.Failed)
			})
		})
	}
}

// A context that ends during a graceful stop cancels what is still in flight.
func TestTheContextEndsAGracefulStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		stop := make(chan struct{})
		start, pulled, results := time.Now(), 0, 0
		time.AfterFunc(time.Second, func() { close(stop) })
		fanout.Run(ctx, upTo(100, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
			return admitted(i, sleep(ctx, time.Hour))
		}, width(5), stoppedBy(stop)), func(i item) bool {
			require.ErrorIs(t, i.err, context.DeadlineExceeded)
			results++
			return true
		})
		require.Equal(t, 10*time.Second, time.Since(start))
		require.Equal(t, 5, results)
		require.Equal(t, 5, pulled)
	})
}
