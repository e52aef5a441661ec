package invoke_test

import (
	"context"
	"io"
	"net/http"
	"slices"
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
