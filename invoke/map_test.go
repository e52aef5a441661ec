package invoke_test

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"net/http"
	"slices"
	"strconv"
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

// endless is an infinite sequence.
func endless(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func ordered(o *invoke.MapOptions) { o.Ordered = true }

func width(n int) func(*invoke.MapOptions) {
	return func(o *invoke.MapOptions) { o.MinConcurrency, o.MaxConcurrency = n, n }
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &errors.TransportError{Stage: errors.StageAwait, Err: ctx.Err()}
	}
}

func throttle(reason errors.ThrottleReason, after time.Duration) error {
	return &errors.TooManyRequestsException{
		LambdaServiceException: errors.LambdaServiceException{Code: "TooManyRequestsException", StatusCode: http.StatusTooManyRequests},
		Reason:                 reason,
		RetryAfter:             after,
	}
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

func TestMapReportsItsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		f := invoke.NewFunc[int, int](numberInvoker(func(_ context.Context, n int) (any, error) { // one at a time
			if requests++; requests%3 == 1 {
				return nil, throttle(errors.ThrottleConcurrentInvocations, 0)
			}
			if n%4 == 0 {
				return "no number", nil
			}
			return n, nil
		}), "f")
		var last invoke.MapProgress
		pulled := 0
		for range f.Map(t.Context(), upTo(20, &pulled), width(1), func(o *invoke.MapOptions) {
			o.Progress = func(p invoke.MapProgress) {
				require.Equal(t, last.Done+last.Throttled+1, p.Done+p.Throttled)
				last = p
			}
		}) {
		}
		require.Equal(t, invoke.MapProgress{Done: 20, Failed: 5, Throttled: requests - 20, Concurrency: 1}, last)
		require.Equal(t, 30, requests)
	})
}
