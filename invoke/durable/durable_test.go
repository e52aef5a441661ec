package durable_test

import (
	"context"
	stderrors "errors"
	"net/http"
	"strings"
	"testing"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func double(_ context.Context, n int) (int, error) { return 2 * n, nil }

func TestAnExecutionRunsOnceForItsNameWhoeverCalls(t *testing.T) {
	server, f := newServer(t, double)
	for range 3 {
		out, err := f.Call(t.Context(), "order-1", 21)
		require.NoError(t, err)
		require.Equal(t, 42, out)
	}
	out, err := f.Call(t.Context(), "order-2", 4)
	require.NoError(t, err)
	require.Equal(t, 8, out)
	require.Equal(t, 2, server.Runs("f"))

	_, err = f.Call(t.Context(), "order-1", 22)
	var other *errors.DurableExecutionAlreadyStartedException
	require.ErrorAs(t, err, &other)
	require.False(t, errors.MayHaveExecuted(err))
}

func TestAnExecutionIsFoundAgainByItsARN(t *testing.T) {
	release := make(chan struct{})
	server, f := newServer(t, func(ctx context.Context, n int) (int, error) { <-release; return n + 1, nil })
	before := time.Now()
	started, err := f.Start(t.Context(), "order-1", 1)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(started.ARN(), "arn:aws:lambda:us-east-1:123456789012:function:f:live/durable-execution/order-1/"), started.ARN())

	// As another process would, from what was stored.
	again := durable.New[int, int](newClient(t, server.Options()), "f:live").Execution(started.ARN())
	status, err := again.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, durable.StatusRunning, status.Status)
	require.False(t, status.Status.Ended())
	require.WithinRange(t, status.StartTimestamp, before.Add(-time.Second), time.Now().Add(time.Second))
	require.Zero(t, status.EndTimestamp)
	require.Equal(t, "order-1", status.DurableExecutionName)
	require.Equal(t, "live", status.Version)

	close(release)
	out, err := again.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, out)
	status, err = again.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, durable.StatusSucceeded, status.Status)
	require.True(t, status.Status.Ended())
	require.False(t, status.EndTimestamp.Before(status.StartTimestamp))
	require.Equal(t, 1, server.Runs("f"))
}

func TestAnExecutionThatFailsIsAFunctionError(t *testing.T) {
	_, f := newServer(t, func(context.Context, int) (int, error) {
		return 0, &errors.FunctionError{ErrorType: "OutOfStock", ErrorMessage: "none left", StackTrace: []string{"main.ship (ship.go:7)"}}
	})
	_, err := f.Call(t.Context(), "order-1", 1)
	var failed *errors.FunctionError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "OutOfStock", failed.ErrorType)
	require.Equal(t, "none left", failed.ErrorMessage)
	require.Equal(t, []string{"main.ship (ship.go:7)"}, failed.StackTrace)
	require.Equal(t, "f", failed.FunctionName)
	require.Equal(t, "live", failed.ExecutedVersion)
	require.JSONEq(t, `{"ErrorMessage":"none left","ErrorType":"OutOfStock","StackTrace":["main.ship (ship.go:7)"]}`, string(failed.Payload))
	var execution *durable.ExecutionError
	require.ErrorAs(t, err, &execution)
	require.Contains(t, err.Error(), "durable execution "+execution.ARN+": function f failed: OutOfStock: none left")
	require.True(t, errors.MayHaveExecuted(err))
}

func TestAnExecutionThatTakesTooLongTimesOut(t *testing.T) {
	_, f := newServer(t, func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() },
		func(c *invoketest.Config) { c.ExecutionTimeout = time.Millisecond })
	e, err := f.Start(t.Context(), "order-1", 1)
	require.NoError(t, err)
	_, err = e.Wait(t.Context())
	require.ErrorIs(t, err, durable.ErrTimedOut)
	require.EqualError(t, err, "durable execution "+e.ARN()+": the execution timed out")
	var failed *errors.FunctionError
	require.False(t, errors.As(err, &failed))
	status, err := e.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, durable.StatusTimedOut, status.Status)
}

func TestAnExecutionThatIsStoppedSaysWhy(t *testing.T) {
	server, f := newServer(t, func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	for name, tt := range map[string]struct {
		reason error
		want   string
	}{
		"no-reason":  {nil, ""},
		"an-error":   {stderrors.New("not <needed> & gone"), ": errorString: not <needed> & gone"},
		"a-failure":  {&errors.FunctionError{ErrorType: "Recalled", ErrorMessage: "by the maker"}, ": Recalled: by the maker"},
		"in-another": {&errors.CredentialsError{Err: stderrors.New("none")}, ": CredentialsError: no credentials to sign the request with: none"},
	} {
		e, err := f.Start(t.Context(), name, 1)
		require.NoError(t, err)
		waited := make(chan error, 1)
		go func() { _, err := e.Wait(t.Context()); waited <- err }()
		require.NoError(t, e.Stop(t.Context(), tt.reason))
		err = <-waited
		require.ErrorIs(t, err, durable.ErrStopped)
		require.EqualError(t, err, "durable execution "+e.ARN()+": the execution was stopped"+tt.want)

		require.NoError(t, e.Stop(t.Context(), stderrors.New("again"))) // changes nothing
		_, err = e.Wait(t.Context())
		require.EqualError(t, err, "durable execution "+e.ARN()+": the execution was stopped"+tt.want)
		require.True(t, errors.MayHaveExecuted(err))
	}
	require.Equal(t, 4, server.Runs("f"))
}

func TestWhatCanOnlyFailIsRefusedBeforeAnythingIsSent(t *testing.T) {
	server, _ := newServer(t, double)
	client := newClient(t, server.Options())
	name := func(name string) func() error {
		return func() error {
			_, err := durable.New[int, int](client, "f:live").Start(t.Context(), name, 1)
			return err
		}
	}
	function := func(function string, optFns ...func(*invoke.FuncOptions)) func() error {
		return func() error {
			_, err := durable.New[int, int](client, function, optFns...).Call(t.Context(), "n", 1)
			return err
		}
	}
	arn := func(arn string) func() error {
		return func() error {
			_, err := durable.New[int, int](client, "f:live").Execution(arn).Wait(t.Context())
			return err
		}
	}
	for what, tt := range map[string]struct {
		start func() error
		field string
	}{
		"no name":                    {name(""), "InvokeInput.DurableExecutionName"},
		"a long name":                {name(strings.Repeat("n", 65)), "InvokeInput.DurableExecutionName"},
		"a name with a space":        {name("order 1"), "InvokeInput.DurableExecutionName"},
		"a name with a slash":        {name("order/1"), "InvokeInput.DurableExecutionName"},
		"a name of other letters":    {name("bestellung-ü"), "InvokeInput.DurableExecutionName"},
		"an unqualified name":        {function("f"), "InvokeInput.Qualifier"},
		"an empty qualifier":         {function("f:"), "InvokeInput.Qualifier"},
		"an unqualified partial ARN": {function("123456789012:function:f"), "InvokeInput.Qualifier"},
		"an unqualified ARN":         {function("arn:aws:lambda:us-east-1:123456789012:function:f"), "InvokeInput.Qualifier"},
		"no function":                {function(""), "InvokeInput.FunctionName"},
		"no ARN":                     {arn(""), "GetDurableExecutionInput.DurableExecutionArn"},
		"a function's ARN":           {arn("arn:aws:lambda:us-east-1:123456789012:function:f:7"), "GetDurableExecutionInput.DurableExecutionArn"},
		"an ARN with a path in it":   {arn(anARN + "/../x"), "GetDurableExecutionInput.DurableExecutionArn"},
		"an ARN with a line feed":    {arn(anARN + "\n"), "GetDurableExecutionInput.DurableExecutionArn"},
		"a long ARN":                 {arn(anARN + strings.Repeat("1", 1024)), "GetDurableExecutionInput.DurableExecutionArn"},
	} {
		err := tt.start()
		var invalid smithy.InvalidParamsError
		require.ErrorAs(t, err, &invalid, what)
		require.Contains(t, err.Error(), tt.field, what)
		require.False(t, errors.MayHaveExecuted(err), what)
	}
	require.Empty(t, server.Requests())

	_, err := durable.New[func(), int](client, "f:live").Start(t.Context(), "n", nil)
	var unencodable *smithy.SerializationError
	require.ErrorAs(t, err, &unencodable)
	_, err = durable.New[int, int](nil, "f:live").Start(t.Context(), "n", 1)
	var options *errors.OptionsError
	require.ErrorAs(t, err, &options)
	_, err = durable.New[int, int](nil, "f:live").Execution(anARN).Wait(t.Context())
	require.ErrorAs(t, err, &options)
	_, err = durable.New[int, int](client, "f:live").WithIntervals(-1, 0).Execution(anARN).Wait(t.Context())
	require.ErrorAs(t, err, &options)
	require.Empty(t, server.Requests())
}

func TestEveryWayToNameAVersionOrAnAliasStarts(t *testing.T) {
	server, _ := newServer(t, double)
	client := newClient(t, server.Options())
	for i, function := range []string{
		"f:live", "f:7", "f:$LATEST", "function:f:7", "123456789012:function:f:live", "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "f",
	} {
		f := durable.New[int, int](client, function, func(o *invoke.FuncOptions) {
			if function == "f" {
				o.Qualifier = "live"
			}
		})
		out, err := f.Call(t.Context(), "n-"+string(rune('a'+i)), i)
		require.NoError(t, err, function)
		require.Equal(t, 2*i, out)
	}
}

func TestTheOptionsOfAFuncShapeTheStart(t *testing.T) {
	server, _ := newServer(t, double)
	var observed []int
	f := durable.New[int, int](newClient(t, server.Options()), "f", func(o *invoke.FuncOptions) {
		o.TenantId = "blue"
		o.Prepare = func(_ context.Context, in *invoke.InvokeInput) {
			in.Qualifier, in.DurableExecutionName, in.InvocationType = "9", "another", invoke.InvocationTypeRequestResponse
		}
		o.Observe = func(_ context.Context, out *invoke.InvokeOutput) { observed = append(observed, out.StatusCode) }
	})
	_, err := f.Call(t.Context(), "mine", 1)
	require.NoError(t, err)
	start := server.Requests()[0]
	require.Equal(t, "9", start.Qualifier)
	require.Equal(t, "mine", start.Header.Get("X-Amz-Durable-Execution-Name"))
	require.Equal(t, "blue", start.Header.Get("X-Amz-Tenant-Id"))
	require.Equal(t, invoke.InvocationTypeEvent, start.InvocationType)
	require.Equal(t, []int{202}, observed)
}

func TestTheOptionsOfAStartHoldForItsExecution(t *testing.T) {
	server, _ := newServer(t, double)
	elsewhere := server.Options()
	elsewhere.BaseEndpoint = "http://127.0.0.1:1"
	f := durable.New[int, int](newClient(t, elsewhere), "f:live")
	e, err := f.Start(t.Context(), "n", 4, func(o *invoke.Options) { o.BaseEndpoint = server.URL() })
	require.NoError(t, err)
	out, err := e.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 8, out)
	require.NoError(t, e.Stop(t.Context(), nil))
}

func TestAResultThatIsNoneOfItsTypeIsADecodeError(t *testing.T) {
	server, f := newServer(t, double)
	e, err := f.Start(t.Context(), "n", 4)
	require.NoError(t, err)
	_, err = durable.New[int, string](newClient(t, server.Options()), "f:live").Execution(e.ARN()).Wait(t.Context())
	var undecodable *errors.DecodeError
	require.ErrorAs(t, err, &undecodable)
	require.Equal(t, "8", string(undecodable.Payload))
	raw, err := durable.New[int, []byte](newClient(t, server.Options()), "f:live").Execution(e.ARN()).Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "8", string(raw))
}

func TestAnExecutionThatIsForgottenIsNotDenied(t *testing.T) {
	server, f := newServer(t, double)
	e, err := f.Start(t.Context(), "n", 4)
	require.NoError(t, err)
	require.NoError(t, server.Wait(t.Context()))
	server.ForgetExecution("n")
	_, err = e.Wait(t.Context())
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	require.True(t, errors.MayHaveExecuted(err), "it ran: the service only forgot it")
	require.ErrorAs(t, e.Stop(t.Context(), nil), &missing)

	_, err = f.Call(t.Context(), "n", 4) // a new one, as the service would
	require.NoError(t, err)
	require.Equal(t, 2, server.Runs("f"))
}

func TestAReplyThatNamesNoExecutionIsNoStart(t *testing.T) {
	for name, arn := range map[string]string{
		"none":           "",
		"no ARN":         "arn:aws:lambda:us-east-1:123456789012:function:f",
		"another's":      anARN,
		"not one's form": "arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/n/1/2",
	} {
		server, f := newServer(t, double)
		server.Script("f", invoketest.Compose(invoketest.RunFirst(invoketest.ForeignBody(202, "", nil)), invoketest.ReplyHeader("X-Amz-Durable-Execution-Arn", arn)))
		_, err := f.Start(t.Context(), "n", 4)
		var unexpected *errors.UnexpectedResponseError
		require.ErrorAs(t, err, &unexpected, name)
		require.True(t, errors.MayHaveExecuted(err), name)
	}
}

func TestALargeInputIsNotCarriedByEveryQuestion(t *testing.T) {
	large := strings.Repeat("x", 100_000)
	var queries []string
	client := service(t, func(r *http.Request) (int, string) {
		query := strings.TrimPrefix(r.URL.RawQuery, "IncludeExecutionData=")
		queries = append(queries, query)
		switch {
		case len(queries) < 5 && query == "true":
			return 200, `{"Status":"RUNNING","InputPayload":"` + large + `"}`
		case len(queries) < 5:
			return 200, running
		case query == "true":
			return 200, `{"Status":"SUCCEEDED","InputPayload":"` + large + `","Result":"42"}`
		}
		return 200, `{"Status":"SUCCEEDED"}`
	})
	out, err := durable.New[int, int](client, "f:7").WithIntervals(1, 1).Execution(anARN).Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 42, out)
	require.Equal(t, []string{"true", "false", "false", "false", "false", "true"}, queries)
}
