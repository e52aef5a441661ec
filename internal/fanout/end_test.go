package fanout_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
	"github.com/lambda-invoke/lambda-invoke-go/internal/race"
)

// That no goroutine is left, synctest checks in all of these tests.

func TestNothingIsCalledWhenTheContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pulled := 0
	fanout.Run(ctx, upTo(5, &pulled), configure(nil), func(item) bool {
		require.Fail(t, "a result")
		return true
	})
	require.Zero(t, pulled)
}

func TestEveryItemIsYieldedWhenTheContextEnds(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
				defer cancel()
				pulled, ended, inFlight, queued := 0, 0, 0, 0
				start := time.Now()
				fanout.Run(ctx, upTo(1000, &pulled), configure(func(ctx context.Context, i *item) fanout.Outcome {
					if i.n >= 7 { // always
						return refused(fanout.ConcurrencyExceeded, time.Hour)
					}
					return admitted(i, sleep(ctx, time.Second))
				}, width(5), mode), func(i item) bool {
					switch {
					case i.err == nil:
						ended++
					case i.n < 7:
						require.ErrorIs(t, i.err, context.DeadlineExceeded)
						inFlight++
					default:
						require.ErrorIs(t, i.err, context.DeadlineExceeded)
						queued++
					}
					return true
				})
				require.Equal(t, 2500*time.Millisecond, time.Since(start))
				require.Equal(t, pulled, ended+inFlight+queued)
				require.Equal(t, 7, ended+inFlight)
				require.NotZero(t, queued)
			})
		})
	}
}

func TestRunEndsWhenTheContextEndsAsACallIsRefused(t *testing.T) {
	for name, items := range map[string]int{"the last call": 1, "one of many": 1000} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for range race.Fewer(2000) { // either may come first
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					pulled, results := 0, 0
					fanout.Run(ctx, upTo(items, &pulled), configure(func(context.Context, *item) fanout.Outcome {
						time.Sleep(time.Second)
						return refused(fanout.ConcurrencyExceeded, time.Hour)
					}), func(i item) bool {
						require.ErrorIs(t, i.err, context.DeadlineExceeded)
						results++
						return true
					})
					cancel()
					require.Equal(t, pulled, results)
				}
			})
		})
	}
}

func TestCallsInFlightAreYieldedAfterACancelInTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		a := &account{limit: -1, duration: varied(time.Second)}
		pulled, taken := 0, 0
		fanout.Run(ctx, upTo(1000, &pulled), configure(a.call, width(10)), func(i item) bool {
			if taken++; taken == 100 {
				cancel()
			}
			if i.err != nil {
				require.ErrorIs(t, i.err, context.Canceled)
			}
			return true
		})
		require.Equal(t, pulled, taken)
		require.LessOrEqual(t, taken, 120)
	})
}

// abandonedTo collects the items that Abandoned is told of.
func abandonedTo(t *testing.T, abandoned map[int]error) func(*config) {
	return func(c *config) {
		c.Abandoned = func(i *item) {
			require.NotContains(t, abandoned, i.n)
			abandoned[i.n] = i.err
		}
	}
}

// leave runs 1,000 items and asks next at the fifth result whether to go on.
func leave(t *testing.T, mode func(*config), next func() bool) (pulled int, taken []int, abandoned map[int]error) {
	a := &account{limit: 8, roundTrip: 2 * time.Millisecond, duration: varied(time.Second), after: time.Hour}
	abandoned = make(map[int]error)
	fanout.Run(t.Context(), upTo(1000, &pulled), configure(a.call, width(10), mode, abandonedTo(t, abandoned)), func(i item) bool {
		taken = append(taken, i.n)
		return len(taken) < 5 || next()
	})
	return pulled, taken, abandoned
}

func TestItemsThatAreNotYieldedAreAbandoned(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var start time.Time
				pulled, taken, abandoned := leave(t, mode, func() bool { start = time.Now(); return false })
				require.Zero(t, time.Since(start), "stops at once")
				require.Len(t, taken, 5)
				for _, index := range taken {
					require.NotContains(t, abandoned, index)
				}
				require.Len(t, abandoned, pulled-5)
				failed := 0
				for _, err := range abandoned {
					if err != nil {
						require.ErrorIs(t, err, context.Canceled)
						failed++
					}
				}
				require.NotZero(t, failed)
			})
		})
	}
}

func TestAPanicOfTheLoopPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.PanicsWithValue(t, "the body's", func() {
			leave(t, ordered, func() bool { panic("the body's") })
		})
	})
}

func TestAPanicOfTheInputPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: -1, duration: constant(time.Second)}
		require.PanicsWithValue(t, "the input's", func() {
			fanout.Run(t.Context(), func(yield func(item) bool) {
				for range 2 {
					if !yield(item{}) {
						break
					}
				}
				panic("the input's")
			}, configure(a.call), func(item) bool { return true })
		})
	})
}

// except makes calls of a second each, and of item 3 what crash does.
func except(crash func()) func(context.Context, *item) fanout.Outcome {
	return func(ctx context.Context, i *item) fanout.Outcome {
		if i.n == 3 {
			crash()
		}
		return admitted(i, sleep(ctx, time.Second))
	}
}

func TestAPanicOfACallIsOneOfRun(t *testing.T) {
	boom := errors.New("boom")
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pulled, abandoned := 0, make(map[int]error)
				defer func() {
					err, ok := recover().(error)
					require.True(t, ok)
					require.Len(t, abandoned, pulled)
					require.ErrorIs(t, abandoned[3], boom)
					require.ErrorIs(t, err, boom)
					require.ErrorContains(t, err, "end_test.go", "the stack of the call")
				}()
				fanout.Run(t.Context(), upTo(10, &pulled), configure(except(func() { panic(boom) }), mode, abandonedTo(t, abandoned)),
					func(item) bool { return true })
			})
		})
	}
}

func TestAGoexitOfACallIsOneOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reached := false
		pulled, abandoned := 0, make(map[int]error)
		var loop sync.WaitGroup
		loop.Go(func() {
			fanout.Run(t.Context(), upTo(10, &pulled), configure(except(runtime.Goexit), abandonedTo(t, abandoned)), // as a test's FailNow does
				func(item) bool { return true })
			reached = true
		})
		loop.Wait()
		require.False(t, reached)
		require.Len(t, abandoned, pulled)
		require.Error(t, abandoned[3])
	})
}
