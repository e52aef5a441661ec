package invoke_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// around is what somebody puts around a client.
type around struct{ invoke.Invoker }

func TestMapKeepsTheClientsPolicyAlsoThroughWhatIsAroundIt(t *testing.T) {
	for attempts := range 4 {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(slices.Repeat([]func(*http.Request) (*http.Response, error){fails(io.EOF)}, 10)...)
			opts := s.options()
			opts.Retry = retry.Policy{MaxAttempts: attempts, Idempotent: true}
			client := newClient(t, opts)
			for _, invoker := range []invoke.Invoker{client, around{client}} {
				before := len(s.times)
				for r := range invoke.NewFunc[int, int](invoker, "f").Map(t.Context(), slices.Values([]int{1})) {
					require.ErrorIs(t, r.Err, io.EOF)
				}
				want := attempts
				if attempts == 0 {
					want = retry.DefaultMaxAttempts
				}
				require.Equal(t, want, len(s.times)-before, "%T", invoker)
			}
		})
	}
}

func TestMapWaitsNoLongerThanThePolicyAllows(t *testing.T) {
	for _, reason := range []errors.ThrottleReason{errors.ThrottleConcurrentInvocations, errors.ThrottleCallerRate} {
		synctest.Test(t, func(t *testing.T) {
			var refused bool
			f := invoke.NewFunc[int, int](numberInvoker(func(context.Context, int) (any, error) {
				if !refused {
					refused = true
					return nil, throttle(reason, 23*time.Hour)
				}
				return 1, nil
			}), "f")
			start := time.Now()
			for r := range f.Map(t.Context(), slices.Values([]int{1, 2, 3}), width(1)) {
				require.NoError(t, r.Err)
			}
			require.LessOrEqual(t, time.Since(start), retry.DefaultMaxDelay+time.Second)
			require.GreaterOrEqual(t, time.Since(start), retry.DefaultMaxDelay)
		})
	}
}

func TestMapTriesNoLongerThanItsClientWhereThatCannotHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(slices.Repeat([]func(*http.Request) (*http.Response, error){throws(403, "ExpiredTokenException")}, 10)...)
		client := newClient(t, s.options())
		for r := range invoke.NewFunc[int, int](client, "f").Map(t.Context(), slices.Values([]int{1})) {
			require.ErrorContains(t, r.Err, "ExpiredTokenException")
		}
		require.Len(t, s.times, 1, "the credentials are fixed")
	})
}

// A refusal says, by its type and reason, which limit was exceeded. Where it is
// one of requests per second, Map spaces the requests, and few are refused.
func TestMapSpacesRequestsAfterARefusalForTheirRate(t *testing.T) {
	for name, tc := range map[string]struct {
		refusal error
		share   float64 // of requests refused, at most
	}{
		"the function's rate":   {throttle(errors.ThrottleInvocationRate, 0), 0.02},
		"the reserved rate":     {throttle(errors.ThrottleReservedInvocationRate, 0), 0.02},
		"the caller's rate":     {throttle(errors.ThrottleCallerRate, 0), 0.02},
		"a code of AWS":         {&errors.LambdaServiceException{Code: "ThrottlingException", StatusCode: http.StatusBadRequest}, 0.02},
		"a status without one":  {&errors.LambdaServiceException{Code: "UnknownError", StatusCode: http.StatusTooManyRequests}, 0.02},
		"the service, no limit": {throttle("", 0), 0.15}, // taken for one of concurrency at first, every time
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var due time.Time // of the next call at 20 a second, with a burst of 2
				f := invoke.NewFunc[int, int](numberInvoker(func(ctx context.Context, n int) (any, error) {
					mu.Lock()
					defer mu.Unlock()
					if now := time.Now(); now.Before(due.Add(-50 * time.Millisecond)) {
						return nil, tc.refusal
					} else if now.After(due) {
						due = now
					}
					due = due.Add(50 * time.Millisecond)
					return n, nil
				}), "f")
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				var settled, last invoke.MapProgress
				for range f.Map(ctx, endless, func(o *invoke.MapOptions) {
					start := time.Now()
					o.Progress = func(p invoke.MapProgress) {
						if last = p; time.Since(start) < time.Minute {
							settled = p
						}
					}
				}) {
				}
				done, throttled := last.Done-settled.Done, last.Throttled-settled.Throttled
				require.Greater(t, done, 20*60*8/10)
				require.Less(t, float64(throttled)/float64(done+throttled), tc.share)
			})
		})
	}
}

func TestMapRunsAFailingFunctionNoMoreThanMaxAttempts(t *testing.T) {
	for name, failed := range map[string]func(*http.Request) (*http.Response, error){
		"the function fails":   says(200, `{"errorMessage":"x"}`, "X-Amz-Function-Error", "Unhandled"),
		"the service may have": throws(500, "ServiceException"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				throttled := throws(429, "TooManyRequestsException")
				s := scripted(slices.Repeat([]func(*http.Request) (*http.Response, error){failed, throttled}, 20)...)
				opts := s.options()
				opts.Retry = retry.Policy{MaxAttempts: 2, Idempotent: true, Retryable: func(err error) bool {
					var f *errors.FunctionError
					return errors.As(err, &f)
				}}
				for r := range invoke.NewFunc[int, int](newClient(t, opts), "f").Map(t.Context(), slices.Values([]int{1})) {
					require.Error(t, r.Err)
				}
				require.Len(t, s.times, 3, "failed, throttled, failed")
			})
		})
	}
}
