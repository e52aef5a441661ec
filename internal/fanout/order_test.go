package fanout_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
)

func TestEveryItemIsYieldedOnce(t *testing.T) {
	for name, optFn := range map[string]func(*config){"as they finish": unordered, "in order": ordered, "one by one": width(1)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &account{limit: 30, roundTrip: 2 * time.Millisecond, duration: varied(50 * time.Millisecond)}
				pulled, seen := 0, make(map[int]bool)
				fanout.Run(t.Context(), upTo(1000, &pulled), configure(a.call, optFn), func(i item) bool {
					require.NoError(t, i.err)
					require.False(t, seen[i.n])
					seen[i.n] = true
					return true
				})
				require.Len(t, seen, 1000)
				require.Equal(t, 1000, pulled)
				admitted, _ := a.count()
				require.Equal(t, 1000, admitted)
			})
		})
	}
}

func TestOfNoItemsNothingIsYielded(t *testing.T) {
	pulled := 0
	fanout.Run(t.Context(), upTo(0, &pulled), configure(nil), func(item) bool {
		require.Fail(t, "a result")
		return true
	})
}

func TestTheOrderIsKeptWhereAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: 30, roundTrip: 2 * time.Millisecond, duration: varied(50 * time.Millisecond)}
		next, pulled := 0, 0
		fanout.Run(t.Context(), upTo(5000, &pulled), configure(a.call, ordered), func(i item) bool {
			require.NoError(t, i.err)
			require.Equal(t, next, i.n)
			next++
			return true
		})
		require.Equal(t, 5000, next)
	})
}

func TestAFastResultComesBeforeASlowOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []int
		pulled := 0
		fanout.Run(t.Context(), upTo(5, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
			return admitted(i, sleep(ctx, time.Duration(10-i.n)*time.Second))
		}, width(5)), func(i item) bool {
			order = append(order, i.n)
			return true
		})
		require.Equal(t, []int{4, 3, 2, 1, 0}, order)
	})
}

func TestRefusedItemsAreCalledAgainOldestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var again []int
		tries := make(map[int]int)
		busy := false
		pulled := 0
		fanout.Run(t.Context(), upTo(6, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
			mu.Lock()
			tries[i.n]++
			if tries[i.n] > 1 {
				again = append(again, i.n)
			}
			refuse := busy || tries[i.n] == 1 && i.n > 0
			busy = busy || !refuse
			mu.Unlock()
			if refuse {
				return refused(fanout.ConcurrencyExceeded, 0)
			}
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				busy = false
			}()
			return admitted(i, sleep(ctx, time.Second))
		}, func(c *config) { c.MaxConcurrency = 6 }), func(i item) bool {
			require.NoError(t, i.err)
			return true
		})
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, []int{1, 2, 3, 4, 5}, slices.Compact(again))
	})
}

func TestItemsArePulledOnlyAsResultsAreTaken(t *testing.T) {
	ahead := map[string]int{"as they finish": 2 * 10, "in order": 8 * 10}
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &account{limit: -1, duration: varied(time.Second)}
				pulled, taken := 0, 0
				fanout.Run(t.Context(), upTo(500, &pulled), configure(a.call, width(10), mode), func(item) bool {
					taken++
					time.Sleep(10 * time.Second)
					require.LessOrEqual(t, pulled-taken, ahead[name])
					return true
				})
				require.Equal(t, 500, taken)
			})
		})
	}
}

func TestProgressCountsItemsAndRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: 5, roundTrip: 2 * time.Millisecond, duration: constant(100 * time.Millisecond)}
		var last fanout.Progress
		pulled := 0
		fanout.Run(t.Context(), upTo(200, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
			outcome := a.call(ctx, i)
			outcome.Failed = i.n%4 == 0
			return outcome
		}, func(c *config) {
			c.Progress = func(p fanout.Progress) {
				require.GreaterOrEqual(t, p.Done, last.Done)
				require.GreaterOrEqual(t, p.Throttled, last.Throttled)
				last = p
			}
		}), func(item) bool { return true })
		admitted, refused := a.count()
		require.Equal(t, 200, admitted)
		require.Equal(t, fanout.Progress{Done: 200, Failed: 50, Throttled: refused, Concurrency: last.Concurrency}, last)
	})
}
