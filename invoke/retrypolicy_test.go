package invoke_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func retryableCode(codes ...string) func(error) bool {
	return func(err error) bool {
		var service *errors.LambdaServiceException
		return errors.As(err, &service) && slices.Contains(codes, service.Code)
	}
}

func status(n int) func(error) bool {
	return func(err error) bool {
		var service *errors.LambdaServiceException
		return errors.As(err, &service) && service.StatusCode == n
	}
}

func TestACallerAddsWhatIsRetryable(t *testing.T) {
	crashed := func(err error) bool {
		var failed *errors.FunctionError
		return errors.As(err, &failed) && failed.IsRuntimeCrash()
	}
	for name, c := range map[string]struct {
		fault     invoketest.Fault
		policy    retry.Policy
		requests  int
		succeeded bool
	}{
		"a code that did not run":               {invoketest.Throw("AccessDeniedException"), retry.Policy{Retryable: retryableCode("AccessDeniedException")}, 2, true},
		"a status that did not run":             {invoketest.ThrowStatus(409, "Odd", ""), retry.Policy{Retryable: status(409)}, 2, true},
		"another code":                          {invoketest.Throw("AccessDeniedException"), retry.Policy{Retryable: retryableCode("Odd")}, 1, false},
		"a code that may have run":              {invoketest.Throw("EFSIOException"), retry.Policy{Retryable: retryableCode("EFSIOException")}, 1, false},
		"a code that may have run, idempotent":  {invoketest.Throw("EFSIOException"), retry.Policy{Retryable: retryableCode("EFSIOException"), Idempotent: true}, 2, true},
		"a function that crashed":               {invoketest.Crash(), retry.Policy{Retryable: crashed}, 1, false},
		"a function that crashed, idempotent":   {invoketest.Crash(), retry.Policy{Retryable: crashed, Idempotent: true}, 2, true},
		"a function that timed out, idempotent": {invoketest.Timeout(), retry.Policy{Retryable: crashed, Idempotent: true}, 1, false},
		"no attempt left":                       {invoketest.Crash(), retry.Policy{Retryable: crashed, Idempotent: true, MaxAttempts: 1}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			s.Handle("f", func(context.Context, []byte) ([]byte, error) { return []byte(`1`), nil })
			s.Script("f", c.fault)
			c.policy.BaseDelay = time.Nanosecond
			client := newClient(t, s.Options(), func(o *invoke.Options) { o.Retry = c.policy })
			out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			if err == nil {
				require.Equal(t, c.requests, out.Attempts)
				err = out.Err()
			}
			require.Equal(t, c.succeeded, err == nil, "%v", err)
			require.Len(t, s.Requests(), c.requests)

			s.Script("f", c.fault)
			for r := range invoke.NewFunc[int, int](client, "f").Map(t.Context(), slices.Values([]int{1})) {
				require.Equal(t, c.succeeded, r.Err == nil, "%v", r.Err)
			}
			require.Len(t, s.Requests(), 2*c.requests, "an item of a Map is retried alike")
		})
	}
}

// The function ran in the request that failed, so an item whose next request is
// refused may have run.
func TestAnItemAnswersForTheRunThatFailed(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return []byte(`1`), nil })
	s.Script("f", invoketest.Crash(), invoketest.Throw("ResourceNotFoundException"))
	client := newClient(t, s.Options(), func(o *invoke.Options) {
		o.Retry = retry.Policy{Idempotent: true, BaseDelay: time.Nanosecond, Retryable: func(err error) bool {
			var failed *errors.FunctionError
			return errors.As(err, &failed)
		}}
	})
	for r := range invoke.NewFunc[int, int](client, "f").Map(t.Context(), slices.Values([]int{1})) {
		var missing *errors.ResourceNotFoundException
		require.ErrorAs(t, r.Err, &missing)
		require.True(t, errors.MayHaveExecuted(r.Err))
	}
	require.Len(t, s.Requests(), 2)
	require.Equal(t, 1, s.Runs("f"))
}

func TestTheQuotaIsEnlargedAndSwitchedOff(t *testing.T) {
	for _, c := range []struct{ quota, requests int }{
		{14, 2}, {28, 3}, {0, 36}, {1000, 72}, {-1, 100},
	} {
		s := invoketest.NewServer(t)
		s.Inject(func(*invoketest.Request) invoketest.Fault { return invoketest.Throw("ENINotReadyException") })
		client := newClient(t, s.Options(), func(o *invoke.Options) {
			o.Retry = retry.Policy{MaxAttempts: 100, BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond, Quota: c.quota}
		})
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.Equal(t, c.quota >= 0, errors.Is(err, retry.ErrQuotaExhausted))
		require.Len(t, s.Requests(), c.requests)
	}
}
