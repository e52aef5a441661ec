package invoketest_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
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

// startDurable starts an execution of f as an event and returns it.
func startDurable(t *testing.T, s *invoketest.Server, name string) *durable.Execution[string] {
	t.Helper()
	e, err := durable.New[int, string](newClient(t, s, once), "f:live").WithIntervals(1, 1).Start(t.Context(), name, 1)
	require.NoError(t, err)
	return e
}

func untilEnded(ctx context.Context, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }

func TestADurableFunctionIsNotCalledWithoutAVersionOrUnderAnyName(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	c := newClient(t, s, once)
	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f", DurableExecutionName: "n"})
	var invalid *errors.InvalidParameterValueException
	require.ErrorAs(t, err, &invalid)
	for _, name := range []string{"a b", "a/b", strings.Repeat("n", 65)} {
		_, err = call(t, c, invoke.InvokeInput{FunctionName: "f:live", DurableExecutionName: name})
		var service *errors.LambdaServiceException
		require.ErrorAs(t, err, &service)
		require.Equal(t, "ValidationException", service.Code)
	}
	require.Zero(t, s.Runs("f"))
}

func TestADurableExecutionsNameIsTheAccounts(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Handle("g", echo)
	c := newClient(t, s, once)
	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f:live", DurableExecutionName: "n"})
	require.NoError(t, err)
	_, err = call(t, c, invoke.InvokeInput{FunctionName: "g:live", DurableExecutionName: "n"})
	var started *errors.DurableExecutionAlreadyStartedException
	require.ErrorAs(t, err, &started)
	require.Zero(t, s.Runs("g"))
}

func TestADurableExecutionOutlivesTheRequestThatStartedIt(t *testing.T) {
	s := invoketest.NewServer(t)
	release := make(chan struct{})
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) { <-release; return []byte(`"done"`), ctx.Err() })
	e := startDurable(t, s, "n")
	status, err := e.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, durable.StatusRunning, status.Status)
	close(release)
	out, err := e.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "done", out)
	require.Equal(t, 1, s.Runs("f"))
}

func TestADurableExecutionThatIsStoppedEndsItsFunctionAndAllWhoWait(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", untilEnded)
	e := startDurable(t, s, "n")
	waiting := make(chan error, 1)
	go func() {
		out, err := newClient(t, s).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f:live", DurableExecutionName: "n", Payload: []byte("1")})
		if err == nil {
			err = out.Err()
		}
		waiting <- err
	}()
	require.NoError(t, e.Stop(t.Context(), &errors.FunctionError{ErrorType: "Recalled", ErrorMessage: "by the maker"}))
	var failure *errors.FunctionError
	require.ErrorAs(t, <-waiting, &failure)
	require.Equal(t, "Recalled", failure.ErrorType)
	require.NoError(t, s.Wait(t.Context()), "the function has ended")
	status, err := e.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, durable.StatusStopped, status.Status)
	require.Equal(t, 1, s.Runs("f"))
}

func TestADurableExecutionTimesOut(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.ExecutionTimeout = 1 })
	s.Handle("f", untilEnded)
	_, err := startDurable(t, s, "n").Wait(t.Context())
	require.ErrorIs(t, err, durable.ErrTimedOut)
	require.NoError(t, s.Wait(t.Context()))

	out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f:live", DurableExecutionName: "m"})
	require.NoError(t, err)
	var failure *errors.FunctionError
	require.ErrorAs(t, out.Err(), &failure)
	require.Equal(t, "Execution.TIMED_OUT", failure.ErrorType)
}

func TestFaultsCanBeScriptedForTheOperationsOfDurableExecutions(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", untilEnded)
	e := startDurable(t, s, "n")
	s.Script("f", invoketest.Throw("ServiceException"), invoketest.RunFirst(invoketest.Throw("ServiceException")))
	var service *errors.ServiceException
	_, err := e.Status(t.Context())
	require.ErrorAs(t, err, &service)
	require.ErrorAs(t, e.Stop(t.Context(), nil), &service)
	_, err = e.Wait(t.Context())
	require.ErrorIs(t, err, durable.ErrStopped, "the stop whose reply was replaced")

	s.Inject(func(r *invoketest.Request) invoketest.Fault {
		if r.Operation == "GetDurableExecution" && r.DurableExecutionArn == e.ARN() {
			return invoketest.Throw("AccessDeniedException")
		}
		return nil
	})
	_, err = e.Status(t.Context())
	require.Error(t, err)
	require.NoError(t, e.Stop(t.Context(), nil))
}

func TestADurableExecutionThatIsForgottenIsNotFoundAndItsNameIsFree(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	e := startDurable(t, s, "n")
	s.ForgetExecution("n")
	s.ForgetExecution("unknown")
	var missing *errors.ResourceNotFoundException
	_, err := e.Status(t.Context())
	require.ErrorAs(t, err, &missing)
	require.NotEqual(t, e.ARN(), startDurable(t, s, "n").ARN())
	require.Equal(t, 2, s.Runs("f"))
}

func TestAStopWithABrokenReasonIsRefused(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", untilEnded)
	e := startDurable(t, s, "n")
	for _, body := range []string{"{", `"why"`, `{"StackTrace":1}`} {
		r := newRequest(t, s, body)
		r.URL.Path = "/2025-12-01/durable-executions/" + e.ARN() + "/stop"
		r.URL.RawPath = "/2025-12-01/durable-executions/" + url.PathEscape(e.ARN()) + "/stop"
		resp, _ := post(t, s, r.sign(t))
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, body)
	}
	require.NoError(t, e.Stop(t.Context(), nil))
}
