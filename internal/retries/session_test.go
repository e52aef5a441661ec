package retries_test

import (
	"context"
	stderrors "errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

var (
	errFault  = stderrors.New("a fault")
	transient = retry.Class{Retryable: true}
	throttled = retry.Class{Retryable: true, Throttle: true}
	ambiguous = retry.Class{Retryable: true, MayHaveExecuted: true}
)

func TestDelaysGrowWithFullJitterUpToTheCap(t *testing.T) {
	for _, tc := range []struct {
		name   string
		class  retry.Class
		policy retry.Policy
		limits []time.Duration // of each delay in turn
	}{
		{
			name: "transient", class: transient,
			limits: []time.Duration{50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond},
		},
		{
			name: "throttled", class: throttled,
			limits: []time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 20 * time.Second, 20 * time.Second},
		},
		{
			name: "own base and cap", class: transient,
			policy: retry.Policy{BaseDelay: time.Second, MaxDelay: 3 * time.Second},
			limits: []time.Duration{1 * time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.policy.MaxAttempts = 100
			const calls = 400
			longest := make([]time.Duration, len(tc.limits))
			shortest := make([]time.Duration, len(tc.limits))
			for range calls {
				s := retries.Start(&tc.policy, nil)
				for i, limit := range tc.limits {
					s.Attempt()
					delay, err := s.Failed(t.Context(), errFault, tc.class, false)
					require.NoError(t, err)
					require.GreaterOrEqual(t, delay, time.Duration(0))
					require.LessOrEqual(t, delay, limit+1)
					longest[i] = max(longest[i], delay)
					if shortest[i] == 0 || delay < shortest[i] {
						shortest[i] = delay
					}
				}
			}
			for i, limit := range tc.limits { // the whole range is used: the jitter is full
				require.Greater(t, longest[i], limit*8/10, "delay %d", i)
				require.Less(t, shortest[i], limit*2/10, "delay %d", i)
			}
		})
	}
}

func TestAMixOfErrorsSharesTheCountOfRetries(t *testing.T) {
	var longest time.Duration
	for range 400 {
		s := retries.Start(&retry.Policy{MaxAttempts: 10}, nil)
		s.Attempt()
		_, err := s.Failed(t.Context(), errFault, transient, false)
		require.NoError(t, err)
		s.Attempt()
		delay, err := s.Failed(t.Context(), errFault, throttled, false)
		require.NoError(t, err)
		longest = max(longest, delay)
	}
	require.Greater(t, longest, time.Second) // the second retry of a throttle, not its first
	require.LessOrEqual(t, longest, 2*time.Second+1)
}

func TestRetryAfterIsAFloorUpToTheCap(t *testing.T) {
	for _, tc := range []struct{ after, low, high time.Duration }{
		{after: 5 * time.Second, low: 5 * time.Second, high: 5 * time.Second},
		{after: time.Hour, low: 20 * time.Second, high: 20 * time.Second},
		{after: 0, low: 0, high: time.Second},
	} {
		class := throttled
		class.After = tc.after
		s := retries.Start(&retry.Policy{}, nil)
		s.Attempt()
		delay, err := s.Failed(t.Context(), errFault, class, false)
		require.NoError(t, err)
		require.GreaterOrEqual(t, delay, tc.low)
		require.LessOrEqual(t, delay, tc.high+1)
	}
}

func TestWhatIsNotRetriedComesBackAsItIs(t *testing.T) {
	for _, class := range []retry.Class{{}, {MayHaveExecuted: true}, ambiguous} {
		s := retries.Start(&retry.Policy{}, nil)
		s.Attempt()
		_, err := s.Failed(t.Context(), errFault, class, false)
		require.Same(t, errFault, err)
	}
}

func TestOnlyAnIdempotentCallIsRetriedAfterAnAmbiguousError(t *testing.T) {
	s := retries.Start(&retry.Policy{Idempotent: true}, nil)
	s.Attempt()
	_, err := s.Failed(t.Context(), errFault, ambiguous, false)
	require.NoError(t, err)
}

func TestTheLastAttemptIsCounted(t *testing.T) {
	for _, limit := range []int{0, 1, 2, 7} {
		s := retries.Start(&retry.Policy{MaxAttempts: limit}, nil)
		var err error
		for err == nil {
			s.Attempt()
			_, err = s.Failed(t.Context(), errFault, transient, false)
		}
		want := limit
		if want == 0 {
			want = retry.DefaultMaxAttempts
		}
		var gaveUp *retry.MaxAttemptsError
		require.ErrorAs(t, err, &gaveUp)
		require.Equal(t, want, gaveUp.Attempts)
		require.ErrorIs(t, err, errFault)
	}
}

func TestAQuotaOfFiveHundredTokensBoundsTheRetries(t *testing.T) {
	var quota retries.Quota
	fail := func(class retry.Class) error {
		s := retries.Start(&retry.Policy{}, &quota)
		s.Attempt()
		_, err := s.Failed(t.Context(), errFault, class, false)
		return err
	}
	for range 30 { // 420
		require.NoError(t, fail(transient))
	}
	for range 16 { // 80
		require.NoError(t, fail(throttled))
	}
	require.Zero(t, quota.Remaining())

	err := fail(throttled)
	var gaveUp *retry.GaveUpError
	require.ErrorAs(t, err, &gaveUp)
	require.ErrorIs(t, err, retry.ErrQuotaExhausted)
	require.ErrorIs(t, err, errFault)
	require.Equal(t, 1, gaveUp.Attempts)

	first := retries.Start(&retry.Policy{}, &quota)
	for range 14 {
		first.Succeeded() // a first attempt that succeeds gives back 1
	}
	require.Equal(t, 14, quota.Remaining())

	retried := retries.Start(&retry.Policy{}, &quota)
	retried.Attempt()
	_, err = retried.Failed(t.Context(), errFault, transient, false)
	require.NoError(t, err)
	require.Zero(t, quota.Remaining())
	retried.Succeeded() // and one after a retry what that cost
	require.Equal(t, 14, quota.Remaining())
}

func TestAQuotaNeverHoldsMoreThanAtTheStart(t *testing.T) {
	var quota retries.Quota
	s := retries.Start(&retry.Policy{}, &quota)
	for range 10 {
		s.Succeeded()
	}
	require.Equal(t, 500, quota.Remaining())
}

func TestADelayBeyondTheDeadlineIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		class := throttled
		class.After = 10 * time.Second

		var quota retries.Quota
		start := time.Now()
		s := retries.Start(&retry.Policy{}, &quota)
		s.Attempt()
		_, err := s.Failed(ctx, errFault, class, false)

		require.Zero(t, time.Since(start))
		var gaveUp *retry.GaveUpError
		require.ErrorAs(t, err, &gaveUp)
		require.Equal(t, 10*time.Second, gaveUp.Delay)
		require.Equal(t, context.DeadlineExceeded, gaveUp.Reason)
		require.ErrorIs(t, err, errFault)
		require.Equal(t, 500, quota.Remaining()) // nothing was paid for a retry that was not made
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		s := retries.Start(&retry.Policy{}, nil)
		s.Attempt()
		start := time.Now()
		err := s.Wait(ctx, time.Minute, errFault)
		require.Equal(t, time.Second, time.Since(start))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errFault)

		require.NoError(t, s.Wait(t.Context(), time.Minute, errFault))
		require.Equal(t, time.Second+time.Minute, time.Since(start))
	})
}

func TestAMendedCauseNeedsNoDelay(t *testing.T) {
	s := retries.Start(&retry.Policy{}, nil)
	s.Attempt()
	delay, err := s.Failed(t.Context(), errFault, transient, true)
	require.NoError(t, err)
	require.Zero(t, delay)
}

func TestNonsenseInAPolicyIsRefused(t *testing.T) {
	require.NoError(t, retry.Policy{}.Validate())
	for _, p := range []retry.Policy{
		{MaxAttempts: -1}, {BaseDelay: -1}, {ThrottleBaseDelay: -1}, {MaxDelay: -1},
	} {
		require.Error(t, p.Validate(), "%+v", p)
	}
}

func TestTheServicesHintStretchesADelayByFiveSecondsAtMost(t *testing.T) {
	for _, tc := range []struct {
		header    string
		low, high time.Duration
	}{
		{"", 0, 50 * time.Millisecond},
		{"1500", 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"600000", 5 * time.Second, 5050 * time.Millisecond},
		{"-5", 0, 50 * time.Millisecond},
		{"soon", 0, 50 * time.Millisecond},
		{"99999999999999999999", 0, 50 * time.Millisecond},
	} {
		t.Run(tc.header, func(t *testing.T) {
			header := http.Header{"X-Amz-Retry-After": {tc.header}}
			err := &smithyhttp.ResponseError{
				Response: &smithyhttp.Response{Response: &http.Response{StatusCode: 409, Header: header}},
				Err:      &errors.LambdaServiceException{Code: "ResourceConflictException", StatusCode: 409},
			}
			s := retries.Start(&retry.Policy{}, nil)
			s.Attempt()
			delay, failure := s.Failed(t.Context(), err, retry.Classify(err), false)
			require.NoError(t, failure)
			require.GreaterOrEqual(t, delay, tc.low)
			require.LessOrEqual(t, delay, tc.high+1)
		})
	}
}
