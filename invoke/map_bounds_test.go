package invoke_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func stoppedBy(stop <-chan struct{}) func(*invoke.MapOptions) {
	return func(o *invoke.MapOptions) { o.Stop = stop }
}

func TestMapBoundsEachItemByItsTimeout(t *testing.T) {
	unreachable := &errors.TransportError{Stage: errors.StageConnect, Err: errors.New("refused")}
	for name, tc := range map[string]struct {
		call   func(ctx context.Context, n int) (any, error)
		mayRun bool
		reason error // beside context.DeadlineExceeded
	}{
		"in flight": {
			call:   func(ctx context.Context, n int) (any, error) { return n, sleep(ctx, time.Hour) },
			mayRun: true,
		},
		"throttled, without end": {
			call:   func(context.Context, int) (any, error) { return nil, throttle(errors.ThrottleConcurrentInvocations, 0) },
			reason: new(errors.TooManyRequestsException),
		},
		"throttled for their rate": {
			call: func(context.Context, int) (any, error) {
				return nil, throttle(errors.ThrottleCallerRate, 3*time.Second)
			},
			reason: new(errors.TooManyRequestsException),
		},
		"waits for a retry of the policy": {
			call:   func(context.Context, int) (any, error) { return nil, unreachable },
			reason: unreachable,
		},
	} {
		for _, ordered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, in order: %t", name, ordered), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
						if n%2 == 1 {
							return n, nil
						}
						return tc.call(ctx, n)
					}), "f")
					var pulledAt []time.Time
					results := 0
					for r := range f.Map(t.Context(), func(yield func(int) bool) {
						for n := range 10 {
							pulledAt = append(pulledAt, time.Now())
							if !yield(n) {
								return
							}
						}
					}, width(10), func(o *invoke.MapOptions) {
						o.ItemTimeout, o.Ordered = 10*time.Second, ordered
						o.Options = append(o.Options, func(o *invoke.Options) {
							o.Retry = retry.Policy{MaxAttempts: 1 << 20, BaseDelay: time.Hour, MaxDelay: time.Hour}
						})
					}) {
						results++
						if !ordered {
							require.LessOrEqual(t, time.Since(pulledAt[r.In]), 10*time.Second)
						}
						if r.In%2 == 1 {
							require.NoError(t, r.Err)
							continue
						}
						require.ErrorIs(t, r.Err, context.DeadlineExceeded)
						require.Equal(t, tc.mayRun, errors.MayHaveExecuted(r.Err))
						if tc.reason != nil {
							require.IsType(t, tc.reason, cause(r.Err))
							require.ErrorAs(t, r.Err, new(*retry.GaveUpError))
						}
					}
					require.Equal(t, 10, results)
				})
			})
		}
	}
}

// cause is the last request's error in a GaveUpError.
func cause(err error) error {
	var gaveUp *retry.GaveUpError
	if errors.As(err, &gaveUp) {
		return gaveUp.Err
	}
	return nil
}

func TestMapStopsGracefully(t *testing.T) {
	for _, mode := range []func(*invoke.MapOptions){func(*invoke.MapOptions) {}, ordered} {
		synctest.Test(t, func(t *testing.T) {
			unreachable := 0
			f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
				switch {
				case n == 1:
					if unreachable++; unreachable == 1 { // the policy's retry belongs to the call
						return nil, errors.Join(sleep(ctx, 2*time.Second), &errors.TransportError{Stage: errors.StageConnect, Err: errors.New("refused")})
					}
					return n, nil
				case n >= 4:
					return nil, throttle(errors.ThrottleConcurrentInvocations, time.Hour)
				}
				return n, sleep(ctx, 5*time.Second)
			}), "f")
			stop, start := make(chan struct{}), time.Now()
			time.AfterFunc(time.Second, func() { close(stop) })
			pulled, ran, throttled := 0, 0, 0
			for r := range f.Map(t.Context(), upTo(1000, &pulled), width(6), mode, stoppedBy(stop)) {
				if r.Err == nil {
					ran++
					continue
				}
				throttled++
				require.ErrorIs(t, r.Err, invoke.ErrMapStopped)
				require.ErrorAs(t, r.Err, new(*errors.TooManyRequestsException))
				require.False(t, errors.MayHaveExecuted(r.Err))
			}
			require.Equal(t, 4, ran)
			require.NotZero(t, throttled)
			require.Equal(t, pulled, ran+throttled)
			require.Equal(t, 5*time.Second, time.Since(start), "when the calls in flight have ended")
		})
	}
}

func TestAnItemThatAStopKeptFromBeingCalledDidNotRun(t *testing.T) {
	stop := make(chan struct{})
	f := invoke.NewFunc[int, int](numberInvoker(double), "f")
	var results []invoke.Result[int, int]
	for r := range f.Map(t.Context(), func(yield func(int) bool) {
		close(stop) // while the input is waited for
		yield(7)
	}, stoppedBy(stop)) {
		results = append(results, r)
	}
	require.Len(t, results, 1)
	require.Equal(t, 7, results[0].In)
	require.ErrorIs(t, results[0].Err, invoke.ErrMapStopped)
	require.ErrorContains(t, results[0].Err, "the Map was stopped")
	require.False(t, errors.MayHaveExecuted(results[0].Err))
}

func TestAStoppedItemAnswersForItsEarlierRequests(t *testing.T) {
	stop := make(chan struct{})
	server := invoketest.NewServer(t)
	invoketest.HandleFunc(server, "f", func(_ context.Context, n int) (int, error) { return n, nil })
	server.Script("f",
		invoketest.RunFirst(invoketest.ThrowStatus(500, "", "")),
		invoketest.Throttle(errors.ThrottleConcurrentInvocations, time.Second),
	)
	client := newClient(t, server.Options(), func(o *invoke.Options) { o.Retry = retry.Policy{Idempotent: true, BaseDelay: 1} })
	for r := range invoke.NewFunc[int, int](client, "f").Map(t.Context(), slices.Values([]int{1}), stoppedBy(stop), func(o *invoke.MapOptions) {
		o.Progress = func(p invoke.MapProgress) {
			if p.Throttled == 1 && p.Done == 0 {
				close(stop)
			}
		}
	}) {
		require.ErrorIs(t, r.Err, invoke.ErrMapStopped)
		require.Equal(t, 1, server.Runs("f"))
		require.True(t, errors.MayHaveExecuted(r.Err), "%v", r.Err)
	}
}

func TestMapSendsEvents(t *testing.T) {
	for name, tc := range map[string]struct {
		kind invoke.InvocationType
		runs int
	}{
		"events":   {invoke.InvocationTypeEvent, 20},
		"dry runs": {invoke.InvocationTypeDryRun, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server, f := doublingServer(t, time.Millisecond)
			server.Script("double", nil, invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
			pulled, results := 0, 0
			for r := range f.Map(t.Context(), upTo(20, &pulled), func(o *invoke.MapOptions) { o.InvocationType = tc.kind }) {
				require.NoError(t, r.Err)
				require.Zero(t, r.Out)
				results++
			}
			require.NoError(t, server.Wait(t.Context()))
			require.Equal(t, 20, results)
			require.Equal(t, tc.runs, server.Runs("double"))
			require.Len(t, server.Requests(), 21)
			for _, r := range server.Requests() {
				require.Equal(t, tc.kind, r.InvocationType)
			}
		})
	}
}

func TestMapDecodesNothingOfAnEvent(t *testing.T) {
	f := invoke.NewFunc[int, int](invokerFunc(func(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		return &invoke.InvokeOutput{StatusCode: 202, Payload: []byte("accepted")}, nil // of a fake
	}), "f")
	for r := range f.Map(t.Context(), slices.Values([]int{1}), func(o *invoke.MapOptions) { o.InvocationType = invoke.InvocationTypeEvent }) {
		require.NoError(t, r.Err)
		require.Zero(t, r.Out)
	}
}
