package invoke_test

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// numberInvoker is an Invoker that runs a function on the payload, a number.
func numberInvoker(fn func(ctx context.Context, n int) (any, error)) invoke.Invoker {
	return invokerFunc(func(ctx context.Context, in *invoke.InvokeInput, _ ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		n, err := strconv.Atoi(string(in.Payload))
		if err != nil {
			return nil, err
		}
		out, err := fn(ctx, n)
		if err != nil {
			return nil, err
		}
		payload, err := json.Marshal(out)
		return &invoke.InvokeOutput{StatusCode: 200, Payload: payload}, err
	})
}

func double(_ context.Context, n int) (any, error) { return 2 * n, nil }

// upTo yields n numbers from 0, and counts in pulled.
func upTo(n int, pulled *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			*pulled++
			if !yield(i) {
				return
			}
		}
	}
}

func ordered(o *invoke.MapOptions) { o.Ordered = true }

func width(n int) func(*invoke.MapOptions) {
	return func(o *invoke.MapOptions) { o.MinConcurrency, o.MaxConcurrency = n, n }
}

func TestMapYieldsEveryResultOnce(t *testing.T) {
	for name, optFn := range map[string]func(*invoke.MapOptions){
		"as they come": func(*invoke.MapOptions) {},
		"in order":     ordered,
		"one by one":   width(1),
	} {
		t.Run(name, func(t *testing.T) {
			f := invoke.NewFunc[int, int](numberInvoker(double), "f")
			pulled, seen := 0, make(map[int]bool)
			for r := range f.Map(t.Context(), upTo(1000, &pulled), optFn) {
				require.NoError(t, r.Err)
				require.Equal(t, r.Index, r.In)
				require.Equal(t, 2*r.In, r.Out)
				require.False(t, seen[r.Index])
				seen[r.Index] = true
			}
			require.Len(t, seen, 1000)
			require.Equal(t, 1000, pulled)
		})
	}
}

func TestMapOfNothingYieldsNothing(t *testing.T) {
	for range invoke.NewFunc[int, int](numberInvoker(double), "f").Map(t.Context(), slices.Values([]int(nil))) {
		require.Fail(t, "a result")
	}
}

func TestMapMayBeRangedOverAgain(t *testing.T) {
	results := invoke.NewFunc[int, int](numberInvoker(double), "f").Map(t.Context(), slices.Values([]int{1, 2, 3}), ordered)
	for range 2 {
		var out []int
		for r := range results {
			out = append(out, r.Out)
		}
		require.Equal(t, []int{2, 4, 6}, out)
	}
}

func TestMapKeepsTheOrderWhereAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: 30, roundTrip: 2 * time.Millisecond, duration: varied(50 * time.Millisecond)}
		next, pulled := 0, 0
		for r := range invoke.NewFunc[int, struct{}](a, "f").Map(t.Context(), upTo(5000, &pulled), ordered) {
			require.NoError(t, r.Err)
			require.Equal(t, next, r.Index)
			next++
		}
		require.Equal(t, 5000, next)
	})
}

func TestMapYieldsAFastResultBeforeASlowOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
			return n, sleep(ctx, time.Duration(10-n)*time.Second)
		}), "f")
		var order []int
		pulled := 0
		for r := range f.Map(t.Context(), upTo(5, &pulled), width(5)) {
			order = append(order, r.Index)
		}
		require.Equal(t, []int{4, 3, 2, 1, 0}, order)
	})
}

func TestMapGivesEachItemItsOwnError(t *testing.T) {
	f := invoke.NewFunc[float64, int](invokerFunc(func(_ context.Context, in *invoke.InvokeInput, _ ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		switch string(in.Payload) {
		case "1":
			return &invoke.InvokeOutput{FunctionError: "Unhandled", Payload: []byte(`{"errorType":"Broken"}`)}, nil
		case "2":
			return &invoke.InvokeOutput{Payload: []byte(`"no number"`)}, nil
		case "3":
			return nil, &errors.ResourceNotFoundException{}
		case "4":
			return nil, nil
		}
		return &invoke.InvokeOutput{Payload: []byte("7")}, nil
	}), "f")
	var errs []error
	for r := range f.Map(t.Context(), slices.Values([]float64{0, 1, 2, 3, 4, math.NaN(), 6}), ordered) {
		errs = append(errs, r.Err)
		if r.Err != nil {
			require.Zero(t, r.Out)
		}
	}
	require.Len(t, errs, 7)
	require.NoError(t, errs[0])
	require.ErrorAs(t, errs[1], new(*errors.FunctionError))
	require.ErrorAs(t, errs[2], new(*errors.DecodeError))
	require.ErrorAs(t, errs[3], new(*errors.ResourceNotFoundException))
	require.ErrorContains(t, errs[4], "neither")
	require.ErrorAs(t, errs[5], new(*smithy.SerializationError))
	require.NoError(t, errs[6])
}

func TestMapRetriesWhatTheFunctionDidNotSee(t *testing.T) {
	lost := func(stage errors.Stage) error { return &errors.TransportError{Stage: stage, Err: errors.New("lost")} }
	for name, tc := range map[string]struct {
		fault    error
		faults   int
		options  func(*invoke.Options)
		requests int
		failed   bool
	}{
		"never connected":               {fault: lost(errors.StageConnect), faults: 2, requests: 3},
		"never connected, for too long": {fault: lost(errors.StageConnect), faults: 9, requests: 3, failed: true},
		"as the options say":            {fault: lost(errors.StageConnect), faults: 9, requests: 5, failed: true, options: func(o *invoke.Options) { o.Retry.MaxAttempts = 5 }},
		"lost while waiting":            {fault: lost(errors.StageAwait), faults: 1, requests: 1, failed: true},
		"lost, but idempotent":          {fault: lost(errors.StageAwait), faults: 2, requests: 3, options: func(o *invoke.Options) { o.Retry.Idempotent = true }},
		"not worth it":                  {fault: &errors.ResourceNotFoundException{LambdaServiceException: errors.LambdaServiceException{Code: "ResourceNotFoundException"}}, faults: 1, requests: 1, failed: true},
		"throttled any number of times": {fault: throttle("", 0), faults: 50, requests: 51},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				f := invoke.NewFunc[int, int](numberInvoker(func(context.Context, int) (any, error) {
					if requests++; requests <= tc.faults {
						return nil, tc.fault
					}
					return 1, nil
				}), "f")
				for r := range f.Map(t.Context(), slices.Values([]int{1}), func(o *invoke.MapOptions) {
					if tc.options != nil {
						o.Options = append(o.Options, tc.options)
					}
				}) {
					require.Equal(t, tc.failed, r.Err != nil, "%v", r.Err)
					if tc.failed {
						require.ErrorIs(t, r.Err, tc.fault)
					}
					var last *retry.MaxAttemptsError
					if tc.failed && tc.requests > 1 {
						require.ErrorAs(t, r.Err, &last)
						require.Equal(t, tc.requests, last.Attempts)
					}
				}
				require.Equal(t, tc.requests, requests)
			})
		})
	}
}

func TestMapCallsThrottledItemsAgainOldestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var again []int
		tries := make(map[int]int)
		busy := false
		f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
			mu.Lock()
			tries[n]++
			if tries[n] > 1 {
				again = append(again, n)
			}
			refuse := busy || tries[n] == 1 && n > 0
			busy = busy || !refuse
			mu.Unlock()
			if refuse {
				return nil, throttle(errors.ThrottleConcurrentInvocations, 0)
			}
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				busy = false
			}()
			return n, sleep(ctx, time.Second)
		}), "f")
		pulled := 0
		for r := range f.Map(t.Context(), upTo(6, &pulled), func(o *invoke.MapOptions) { o.MaxConcurrency = 6 }) {
			require.NoError(t, r.Err)
		}
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, []int{1, 2, 3, 4, 5}, slices.Compact(again))
	})
}

func TestMapPullsItemsOnlyAsResultsAreTaken(t *testing.T) {
	for name, tc := range map[string]struct {
		optFn func(*invoke.MapOptions)
		ahead int
	}{
		"as they come": {func(*invoke.MapOptions) {}, 2 * 10},
		"in order":     {ordered, 8 * 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &account{limit: -1, duration: varied(time.Second)}
				pulled, taken := 0, 0
				for range invoke.NewFunc[int, struct{}](a, "f").Map(t.Context(), upTo(500, &pulled), width(10), tc.optFn) {
					taken++
					time.Sleep(10 * time.Second)
					require.LessOrEqual(t, pulled-taken, tc.ahead)
				}
				require.Equal(t, 500, taken)
			})
		})
	}
}

func TestMapReportsItsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: 5, roundTrip: 2 * time.Millisecond, duration: constant(100 * time.Millisecond)}
		f := invoke.NewFunc[int, int](a, "f", func(o *invoke.FuncOptions) {
			o.Observe = func(_ context.Context, out *invoke.InvokeOutput) { out.Payload = []byte(`"no number"`) }
		})
		var last invoke.MapProgress
		pulled := 0
		for range f.Map(t.Context(), upTo(200, &pulled), func(o *invoke.MapOptions) {
			o.Progress = func(p invoke.MapProgress) {
				require.GreaterOrEqual(t, p.Done, last.Done)
				require.GreaterOrEqual(t, p.Throttled, last.Throttled)
				last = p
			}
		}) {
		}
		admitted, refused := a.count()
		require.Equal(t, 200, admitted)
		require.Equal(t, invoke.MapProgress{Done: 200, Failed: 200, Throttled: refused, Concurrency: last.Concurrency}, last)
	})
}
