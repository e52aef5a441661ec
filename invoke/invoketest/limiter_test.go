package invoketest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestMoreThanTheConcurrencyIsThrottled(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Concurrency, c.RetryAfter = 2, 1500*time.Millisecond })
	running, release := make(chan struct{}), make(chan struct{})
	s.Handle("f", func(context.Context, []byte) ([]byte, error) {
		running <- struct{}{}
		<-release
		return nil, nil
	})
	c := newClient(t, s, once)
	var calls sync.WaitGroup
	start := func(n int) {
		for range n {
			calls.Go(func() { _, _ = c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}) })
			<-running
		}
	}
	throttled := func() {
		t.Helper()
		_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
		var refused *errors.TooManyRequestsException
		require.ErrorAs(t, err, &refused)
		require.Equal(t, errors.ThrottleConcurrentInvocations, refused.Reason)
		require.Equal(t, 2*time.Second, refused.RetryAfter)
		require.Equal(t, "User", refused.Type)
	}
	start(2)
	throttled()
	resp, _ := post(t, s, newRequest(t, s, "{}").streamed().sign(t))
	require.Equal(t, 429, resp.StatusCode)

	// Events are queued, and so not the limit's concern.
	resp, _ = post(t, s, newRequest(t, s, "{}").header("X-Amz-Invocation-Type", "Event").sign(t))
	require.Equal(t, 202, resp.StatusCode)
	<-running

	s.SetConcurrency(3)
	start(1)
	throttled()
	s.SetConcurrency(1)
	throttled()
	s.SetConcurrency(0)
	start(1)
	now, peak := s.Running()
	require.Equal(t, []int{5, 5}, []int{now, peak})

	close(release)
	calls.Wait()
	require.Equal(t, 5, s.Runs("f"))
	require.Equal(t, invoketest.Stats{Requests: 9, Runs: 5, Throttled: 4}, s.Stats())
}

func TestPlacesComeFreeAgain(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Concurrency = 1 })
	c := newClient(t, s, once)
	for _, fn := range []invoketest.Function{
		echo,
		func(context.Context, []byte) ([]byte, error) { panic("x") },
		func(context.Context, []byte) ([]byte, error) { return nil, context.Canceled },
	} {
		s.Handle("f", fn)
		for range 3 {
			_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
		}
	}
}

func TestMoreThanTheRateIsThrottled(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.RatePerSecond = 0.0001 })
	s.Handle("f", echo)
	c := newClient(t, s, once)
	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	_, err = call(t, c, invoke.InvokeInput{FunctionName: "f"})
	var throttled *errors.TooManyRequestsException
	require.ErrorAs(t, err, &throttled)
	require.Equal(t, errors.ThrottleCallerRate, throttled.Reason)
	require.Zero(t, throttled.RetryAfter)

	s.SetRatePerSecond(0)
	for range 20 {
		_, err = call(t, c, invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
	}
}
