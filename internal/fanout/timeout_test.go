package fanout_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
)

func timeout(d time.Duration) func(*config) {
	return func(c *config) { c.ItemTimeout = d }
}

// ending is what became of an item, and when.
type ending struct {
	item
	at time.Duration
}

// endings runs n items and returns what became of them, by number.
func endings(t *testing.T, n int, call func(context.Context, *item) fanout.Outcome, optFns ...func(*config)) map[int]ending {
	start, pulled, ended := time.Now(), 0, make(map[int]ending)
	fanout.Run(t.Context(), upTo(n, &pulled), configure(call, optFns...), func(i item) bool {
		require.NotContains(t, ended, i.n)
		ended[i.n] = ending{i, time.Since(start)}
		return true
	})
	require.Len(t, ended, n)
	return ended
}

func TestTheItemTimeoutBoundsACall(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := endings(t, 10, func(ctx context.Context, i *item) fanout.Outcome {
					return admitted(i, sleep(ctx, time.Duration(i.n)*time.Second+time.Second/2))
				}, timeout(5*time.Second), width(10), mode)
				for n, e := range ended {
					if n < 5 {
						require.NoError(t, e.err)
					} else {
						require.ErrorIs(t, e.err, context.DeadlineExceeded)
						require.Equal(t, 5*time.Second, e.at)
					}
				}
			})
		})
	}
}

func TestTheItemTimeoutBoundsRequeues(t *testing.T) {
	for name, tc := range map[string]struct {
		after time.Duration // RetryAfter of every refusal
		calls int           // of an item
		at    time.Duration // when it fails
	}{
		"no wait is asked for":         {0, 0, 5 * time.Second},
		"waits end before the timeout": {2 * time.Second, 3, 4 * time.Second},
		"one more would end with it":   {2500 * time.Millisecond, 2, 2500 * time.Millisecond},
		"one wait is longer":           {time.Hour, 1, 0},
		"the wait is the timeout":      {5 * time.Second, 1, 0},
		"the wait ends just before it": {5*time.Second - 1, 2, 5*time.Second - 1},
		"the wait ends just after it":  {5*time.Second + 1, 1, 0},
	} {
		for _, signal := range []fanout.Signal{fanout.ConcurrencyExceeded, fanout.RateExceeded} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					calls := 0
					ended := endings(t, 1, func(context.Context, *item) fanout.Outcome {
						calls++
						return refused(signal, tc.after)
					}, timeout(5*time.Second))
					require.ErrorIs(t, ended[0].err, context.DeadlineExceeded)
					require.LessOrEqual(t, ended[0].at, 5*time.Second)
					if tc.calls > 0 && signal == fanout.ConcurrencyExceeded { // otherwise pauses come on top
						require.Equal(t, tc.at, ended[0].at)
						require.Equal(t, tc.calls, calls)
					}
					if tc.calls == 0 {
						require.Equal(t, tc.at, ended[0].at)
						require.Greater(t, calls, 2)
					}
				})
			})
		}
	}
}

// Items whose timeout passes make room for others, and each has a time of its own.
func TestEachItemHasATimeoutOfItsOwn(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := endings(t, 200, func(ctx context.Context, i *item) fanout.Outcome {
					if i.n%3 == 1 { // always
						return refused(fanout.ConcurrencyExceeded, time.Second)
					}
					return admitted(i, sleep(ctx, time.Second))
				}, timeout(3500*time.Millisecond), width(10), mode)
				for n, e := range ended {
					if n%3 == 1 {
						require.ErrorIs(t, e.err, context.DeadlineExceeded)
					} else {
						require.NoError(t, e.err)
					}
				}
			})
		})
	}
}
