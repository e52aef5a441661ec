package invoke_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/race"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// runCounter counts how often each item was run.
type runCounter struct {
	mu    sync.Mutex
	count map[int]int
}

func (r *runCounter) add(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == nil {
		r.count = make(map[int]int)
	}
	r.count[n]++
}

// faultOf returns the fault of a request, by its number, or nil: the service
// refuses it, the connection breaks before or after the function ran, or there is
// none.
func faultOf(request int, run func()) error {
	switch request % 13 {
	case 3:
		return throttle(errors.ThrottleConcurrentInvocations, 0)
	case 5:
		return &errors.TransportError{Stage: errors.StageConnect, Err: errors.New("refused")}
	case 7:
		run()
		return &errors.TransportError{Stage: errors.StageAwait, Err: errors.New("reset")}
	case 11:
		return &errors.LambdaServiceException{Code: "ServiceUnavailable", StatusCode: 503}
	}
	return nil
}

func TestMapLosesNoItemAndRunsNoneTwice(t *testing.T) {
	items := race.Fewer(100_000)
	for _, inOrder := range []bool{false, true} {
		t.Run(fmt.Sprint("in order: ", inOrder), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ran runCounter
				var mu sync.Mutex
				requests := 0
				f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
					mu.Lock()
					requests++
					request := requests
					mu.Unlock()
					if err := sleep(ctx, time.Duration(1+n%7)*time.Millisecond); err != nil {
						return nil, err
					}
					if err := faultOf(request, func() { ran.add(n) }); err != nil {
						return nil, err
					}
					ran.add(n)
					return n, nil
				}), "f")

				pulled, results, failed, next := 0, 0, 0, 0
				var early uint64
				for r := range f.Map(t.Context(), upTo(items, &pulled), func(o *invoke.MapOptions) {
					o.Ordered = inOrder
					o.MaxConcurrency = 50
				}) {
					results++
					if inOrder {
						require.Equal(t, next, r.Index)
						next++
					}
					ran.mu.Lock()
					times := ran.count[r.In]
					delete(ran.count, r.In) // so that the test's own memory stays flat
					ran.mu.Unlock()
					if r.Err != nil {
						failed++
						require.LessOrEqual(t, times, 1)
						require.Equal(t, times == 1 || errors.MayHaveExecuted(r.Err), errors.MayHaveExecuted(r.Err))
					} else {
						require.Equal(t, 1, times)
						require.Equal(t, r.In, r.Out)
					}
					switch results {
					case items / 10:
						early = heapInUse()
					case items * 9 / 10:
						require.Less(t, heapInUse(), early+1<<20, "memory grows")
					}
				}
				require.Equal(t, items, results)
				require.Empty(t, ran.count, "runs that were reported for nothing")
				require.Greater(t, failed, items/20)
				require.Less(t, failed, items/3)
				// That no goroutine is left is synctest's to check: a count of all
				// goroutines has those in it that run finalizers.
			})
		})
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// doublingServer starts a server with function "double", which takes a while.
func doublingServer(t testing.TB, takes time.Duration, optFns ...func(*invoketest.Config)) (*invoketest.Server, *invoke.Func[int, int]) {
	t.Helper()
	s := invoketest.NewServer(t, optFns...)
	invoketest.HandleFunc(s, "double", func(ctx context.Context, n int) (int, error) { return 2 * n, sleep(ctx, takes) })
	client, err := invoke.New(s.Options())
	require.NoError(t, err)
	return s, invoke.NewFunc[int, int](client, "double")
}

func TestMapReachesTheAccountsLimitOverTheNetwork(t *testing.T) {
	const items = 900
	s, f := doublingServer(t, 5*time.Millisecond, func(c *invoketest.Config) { c.Concurrency = 20 })
	var last invoke.MapProgress
	pulled, next := 0, 0
	for r := range f.Map(t.Context(), upTo(items, &pulled), ordered, func(o *invoke.MapOptions) {
		o.Progress = func(p invoke.MapProgress) { last = p }
	}) {
		require.NoError(t, r.Err)
		require.Equal(t, next, r.Index)
		require.Equal(t, 2*next, r.Out)
		if next++; next == items*2/3 {
			s.SetConcurrency(3)
		}
	}
	require.Equal(t, items, s.Runs("double"))
	require.Equal(t, items, last.Done)
	require.NotZero(t, last.Throttled)
	require.LessOrEqual(t, last.Concurrency, 10)
}

func TestMapSurvivesFaultsOverTheNetwork(t *testing.T) {
	s, f := doublingServer(t, time.Millisecond)
	var mu sync.Mutex
	requests := 0
	s.Inject(func(*invoketest.Request) invoketest.Fault {
		mu.Lock()
		defer mu.Unlock()
		requests++
		switch requests % 20 {
		case 4:
			return invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0)
		case 9:
			return invoketest.Throw("ResourceNotReadyException")
		case 14:
			return invoketest.RunFirst(invoketest.Throw("ServiceException"))
		}
		return nil
	})
	pulled, may, not := 0, 0, 0
	for r := range f.Map(t.Context(), upTo(1000, &pulled), width(8)) {
		switch {
		case errors.MayHaveExecuted(r.Err):
			require.ErrorAs(t, r.Err, new(*errors.ServiceException))
			may++
		case r.Err != nil:
			require.ErrorAs(t, r.Err, new(*errors.ResourceNotReadyException))
			not++
		}
	}
	require.Equal(t, 1000-not, s.Runs("double"), "each item once, whether or not its result arrived")
	require.NotZero(t, may)
}

func TestMapLeavesThrottlingToNobodyElse(t *testing.T) {
	s, _ := doublingServer(t, 0)
	client, err := invoke.New(s.Options(), func(o *invoke.Options) { o.Retry.ThrottleBaseDelay = time.Hour })
	require.NoError(t, err)
	s.Script("double", invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0), invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
	pulled := 0
	for r := range invoke.NewFunc[int, int](client, "double").Map(t.Context(), upTo(5, &pulled)) {
		require.NoError(t, r.Err)
	}
}

func TestMapAppliesItsOptionsToEveryCall(t *testing.T) {
	s, f := doublingServer(t, 0)
	label := func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Build.Add(middleware.BuildMiddlewareFunc("Label", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
				in.Request.(*smithyhttp.Request).Header.Set("X-Label", "mapped")
				return next.HandleBuild(ctx, in)
			}), middleware.After)
		})
	}
	pulled := 0
	for r := range f.Map(t.Context(), upTo(20, &pulled), func(o *invoke.MapOptions) { o.Options = append(o.Options, label) }) {
		require.NoError(t, r.Err)
	}
	for _, r := range s.Requests() {
		require.Equal(t, "mapped", r.Header.Get("X-Label"))
	}
	_, err := f.Call(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, s.Requests()[20].Header.Get("X-Label"), "not the client's")
}

func TestMapReportsAWrongOptionForEachItem(t *testing.T) {
	_, f := doublingServer(t, 0)
	pulled := 0
	for r := range f.Map(t.Context(), upTo(3, &pulled), func(o *invoke.MapOptions) {
		o.Options = append(o.Options, func(o *invoke.Options) { o.Region = "" })
	}) {
		require.ErrorContains(t, r.Err, "Region")
	}
	require.Equal(t, 3, pulled)
}
