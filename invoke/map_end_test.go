package invoke_test

import (
	"context"
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

func TestMapTellsOfAbandonedItemsWhetherTheyMayHaveRun(t *testing.T) {
	for _, optFn := range []func(*invoke.MapOptions){func(*invoke.MapOptions) {}, ordered} {
		synctest.Test(t, func(t *testing.T) {
			f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
				if n >= 7 {
					return nil, throttle(errors.ThrottleConcurrentInvocations, time.Hour)
				}
				return n, sleep(ctx, time.Duration(n+1)*time.Second)
			}), "f")
			pulled, taken, abandoned := 0, 0, make(map[int]error)
			for range f.Map(t.Context(), upTo(1000, &pulled), width(5), optFn, abandonedTo(abandoned)) {
				if taken++; taken == 4 {
					break
				}
			}
			require.Equal(t, pulled, taken+len(abandoned))
			require.Greater(t, pulled, 7)
			for n, err := range abandoned {
				require.ErrorIs(t, err, context.Canceled)
				require.Equal(t, n < 7, errors.MayHaveExecuted(err), "%d", n)
			}
		})
	}
}

func TestMapMakesAPanicOfACallOneOfTheLoop(t *testing.T) {
	boom := errors.New("boom")
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
			require.ErrorIs(t, err, boom)
			require.ErrorContains(t, err, "a call of Map panicked")
			require.ErrorContains(t, err, "map_test.go", "the stack of the call")
			require.Len(t, abandoned, pulled)
			require.ErrorIs(t, abandoned[3], boom)
			require.True(t, errors.MayHaveExecuted(abandoned[3]))
		}()
		for range f.Map(t.Context(), upTo(10, &pulled), abandonedTo(abandoned)) {
		}
	})
}

func abandonedTo(abandoned map[int]error) func(*invoke.MapOptions) {
	return func(o *invoke.MapOptions) {
		o.Abandoned = func(index int, err error) { abandoned[index] = err }
	}
}
