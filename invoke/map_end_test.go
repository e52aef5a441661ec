package invoke_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestMapMakesNoCallWhenItsContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pulled := 0
	for range invoke.NewFunc[int, int](numberInvoker(double), "f").Map(ctx, upTo(5, &pulled)) {
		require.Fail(t, "a result")
	}
	require.Zero(t, pulled)
}

func TestMapReportsWhatWasInFlightWhenItsContextEnds(t *testing.T) {
	for _, optFn := range []func(*invoke.MapOptions){func(*invoke.MapOptions) {}, ordered} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
			defer cancel()
			f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
				if n >= 7 { // always
					return nil, throttle(errors.ThrottleConcurrentInvocations, time.Hour)
				}
				return n, sleep(ctx, time.Second)
			}), "f")
			pulled, may, not, ok := 0, 0, 0, 0
			start := time.Now()
			for r := range f.Map(ctx, upTo(1000, &pulled), width(5), optFn) {
				switch {
				case r.Err == nil:
					ok++
				case errors.MayHaveExecuted(r.Err):
					require.Less(t, r.In, 7)
					require.ErrorIs(t, r.Err, context.DeadlineExceeded)
					may++
				default:
					require.GreaterOrEqual(t, r.In, 7)
					require.ErrorIs(t, r.Err, context.DeadlineExceeded)
					require.ErrorAs(t, r.Err, new(*errors.TooManyRequestsException))
					not++
				}
			}
			require.Equal(t, 2500*time.Millisecond, time.Since(start))
			require.Equal(t, pulled, ok+may+not, "every item that was pulled is reported")
			require.NotZero(t, not)
			require.Equal(t, 7, ok+may)
		})
	}
}

func TestMapEndsWhenItsContextEndsAsACallIsRefused(t *testing.T) {
	for name, items := range map[string]int{"the last call": 1, "one of many": 1000} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := invoke.NewFunc[int, int](numberInvoker(func(context.Context, int) (any, error) {
					time.Sleep(time.Second)
					return nil, throttle(errors.ThrottleConcurrentInvocations, time.Hour)
				}), "f")
				for range 2000 / shrink { // either may come first
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					pulled, results := 0, 0
					for r := range f.Map(ctx, upTo(items, &pulled)) {
						require.ErrorIs(t, r.Err, context.DeadlineExceeded)
						require.False(t, errors.MayHaveExecuted(r.Err))
						results++
					}
					cancel()
					require.Equal(t, pulled, results)
				}
			})
		})
	}
}

func TestMapReportsInFlightItemsAfterCancelInTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		a := &account{limit: -1, duration: varied(time.Second)}
		pulled, taken := 0, 0
		for r := range invoke.NewFunc[int, struct{}](a, "f").Map(ctx, upTo(1000, &pulled), width(10)) {
			taken++
			if taken == 100 {
				cancel()
			}
			if r.Err != nil {
				require.ErrorIs(t, r.Err, context.Canceled)
			}
		}
		require.Equal(t, pulled, taken)
		require.LessOrEqual(t, taken, 120)
	})
}

// leave ranges over a Map of 1,000 items and calls out at the fifth result. It
// returns what Abandoned was told.
func leave(t *testing.T, pulled *int, optFn func(*invoke.MapOptions), out func() bool) (taken []int, abandoned map[int]error) {
	a := &account{limit: 8, roundTrip: 2 * time.Millisecond, duration: varied(time.Second), after: time.Hour}
	abandoned = make(map[int]error)
	for r := range invoke.NewFunc[int, struct{}](a, "f").Map(t.Context(), upTo(1000, pulled), width(10), optFn, func(o *invoke.MapOptions) {
		o.Abandoned = func(index int, err error) {
			require.NotContains(t, abandoned, index)
			abandoned[index] = err
		}
	}) {
		taken = append(taken, r.Index)
		if len(taken) == 5 && out() {
			break
		}
	}
	return taken, abandoned
}

func TestMapTellsWhatABreakAbandons(t *testing.T) {
	for _, optFn := range []func(*invoke.MapOptions){func(*invoke.MapOptions) {}, ordered} {
		synctest.Test(t, func(t *testing.T) {
			pulled, start := 0, time.Now()
			taken, abandoned := leave(t, &pulled, optFn, func() bool { start = time.Now(); return true })
			require.Zero(t, time.Since(start), "stops at once")
			require.Len(t, taken, 5)
			for _, index := range taken {
				require.NotContains(t, abandoned, index)
			}
			require.Len(t, abandoned, pulled-5)
			may, not := 0, 0
			for _, err := range abandoned {
				if errors.MayHaveExecuted(err) {
					may++
				} else if err != nil {
					not++
				}
			}
			require.NotZero(t, may, "those in flight")
			require.NotZero(t, not, "those that were refused")
		})
	}
}

func TestMapLetsAPanicOfTheLoopThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pulled := 0
		require.PanicsWithValue(t, "the body's", func() {
			leave(t, &pulled, ordered, func() bool { panic("the body's") })
		})
		// That no goroutine is left is synctest's to check.
	})
}

func TestMapLetsAPanicOfTheInputThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: -1, duration: constant(time.Second)}
		require.PanicsWithValue(t, "the input's", func() {
			for range invoke.NewFunc[int, struct{}](a, "f").Map(t.Context(), func(yield func(int) bool) {
				_ = yield(1) && yield(2)
				panic("the input's")
			}) {
			}
		})
	})
}

func TestMapMakesAPanicOfACallOneOfTheLoop(t *testing.T) {
	boom := errors.New("boom")
	for name, optFn := range map[string]func(*invoke.MapOptions){"as they come": func(*invoke.MapOptions) {}, "in order": ordered} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
					if n == 3 {
						panic(boom)
					}
					return n, sleep(ctx, time.Second)
				}), "f")
				pulled, abandoned := 0, make(map[int]error)
				defer func() {
					err, ok := recover().(error)
					require.True(t, ok)
					require.Len(t, abandoned, pulled)
					require.ErrorIs(t, abandoned[3], boom)
					require.ErrorIs(t, err, boom)
					require.ErrorContains(t, err, "map_test.go", "the stack of the call")
				}()
				for range f.Map(t.Context(), upTo(10, &pulled), optFn, abandonedTo(abandoned)) {
				}
			})
		})
	}
}

func TestMapMakesAGoexitOfACallOneOfTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
			if n == 3 {
				runtime.Goexit() // as a test's FailNow does
			}
			return n, sleep(ctx, time.Second)
		}), "f")
		reached := false
		pulled, abandoned := 0, make(map[int]error)
		var loop sync.WaitGroup
		loop.Go(func() {
			for range f.Map(t.Context(), upTo(10, &pulled), abandonedTo(abandoned)) {
			}
			reached = true
		})
		loop.Wait()
		require.False(t, reached)
		require.Len(t, abandoned, pulled)
		require.True(t, errors.MayHaveExecuted(abandoned[3]))
	})
}

func abandonedTo(abandoned map[int]error) func(*invoke.MapOptions) {
	return func(o *invoke.MapOptions) {
		o.Abandoned = func(index int, err error) { abandoned[index] = err }
	}
}
