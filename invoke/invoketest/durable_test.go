package invoketest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestADurableExecutionRunsOnceForItsName(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	c := newClient(t, s)
	in := invoke.InvokeInput{FunctionName: "f:$LATEST", DurableExecutionName: "order-1", Payload: []byte("[1]")}
	first, err := call(t, c, in)
	require.NoError(t, err)
	require.Contains(t, first.DurableExecutionArn, ":function:f:$LATEST/durable-execution/order-1/")
	again, err := call(t, c, in)
	require.NoError(t, err)
	require.Equal(t, first.DurableExecutionArn, again.DurableExecutionArn)
	require.Equal(t, first.Payload, again.Payload)
	require.NotEqual(t, first.RequestID, again.RequestID)
	require.Equal(t, 1, s.Runs("f"))

	in.Payload = []byte("[2]")
	_, err = call(t, c, in)
	var started *errors.DurableExecutionAlreadyStartedException
	require.ErrorAs(t, err, &started)

	in.DurableExecutionName = "order-2"
	other, err := call(t, c, in)
	require.NoError(t, err)
	require.NotEqual(t, first.DurableExecutionArn, other.DurableExecutionArn)
	require.Equal(t, 2, s.Runs("f"))
}

func TestARetryJoinsTheExecutionThatItsFirstAttemptStarted(t *testing.T) {
	s := invoketest.NewServer(t)
	began, release := make(chan struct{}), make(chan struct{})
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { close(began); <-release; return []byte("1"), nil })
	c := newClient(t, s, once)
	in := invoke.InvokeInput{FunctionName: "f", Qualifier: "$LATEST", DurableExecutionName: "n"}

	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	_, err := c.Invoke(ctx, &in)
	require.ErrorIs(t, err, context.Canceled)
	s.Inject(func(*invoketest.Request) invoketest.Fault { close(release); return nil })
	out, err := call(t, c, in)
	require.NoError(t, err)
	require.Equal(t, "1", string(out.Payload))
	require.Equal(t, 1, s.Runs("f"))
}

func TestAThrottledExecutionHasNotBegun(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.RatePerSecond = 0.0001 })
	s.Handle("f", echo)
	c := newClient(t, s, once)
	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	in := invoke.InvokeInput{FunctionName: "f", Qualifier: "$LATEST", DurableExecutionName: "n"}
	_, err = call(t, c, in)
	var throttled *errors.TooManyRequestsException
	require.ErrorAs(t, err, &throttled)
	s.SetRatePerSecond(0)
	out, err := call(t, c, in)
	require.NoError(t, err)
	require.NotEmpty(t, out.DurableExecutionArn)
}
