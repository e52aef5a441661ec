package durable_test

import (
	"context"
	stderrors "errors"
	"sync"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestEveryOperationGoesThroughTheStackOfTheClient(t *testing.T) {
	server := invoketest.NewServer(t, func(c *invoketest.Config) { c.SessionToken = true })
	invoketest.HandleFunc(server, "f", double)
	var mu sync.Mutex
	seen := make(map[string]int)
	client := newClient(t, server.Options(), fast, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Count", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
				mu.Lock()
				seen[middleware.GetServiceID(ctx)+"."+middleware.GetOperationName(ctx)]++
				mu.Unlock()
				return next.HandleFinalize(ctx, in)
			}), "Signing", middleware.Before)
		})
	})
	// One lost reply for each operation, which is retried.
	lost := map[string]bool{}
	server.Inject(func(r *invoketest.Request) invoketest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if lost[r.Operation] {
			return nil
		}
		lost[r.Operation] = true
		return invoketest.HangUp(invoketest.AfterRun, invoketest.Reset)
	})

	e, err := durable.New[int, int](client, "f:live").Start(t.Context(), "n", 4)
	require.NoError(t, err)
	out, err := e.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 8, out)
	require.NoError(t, e.Stop(t.Context(), stderrors.New("too late")))
	require.Equal(t, 2, seen["Lambda.Invoke"])
	require.Equal(t, 2, seen["Lambda.StopDurableExecution"])
	require.GreaterOrEqual(t, seen["Lambda.GetDurableExecution"], 2)
	require.Equal(t, 1, server.Runs("f"))
	for _, r := range server.Requests() {
		require.NotEmpty(t, r.InvocationID)
		require.Equal(t, "f", r.FunctionName)
	}
}

func TestTheErrorOfEveryOperationNamesIt(t *testing.T) {
	server, f := newServer(t, double)
	e := f.Execution(anARN)
	_, err := e.Status(t.Context())
	for operation, err := range map[string]error{"GetDurableExecution": err, "StopDurableExecution": e.Stop(t.Context(), nil)} {
		var named *smithy.OperationError
		require.ErrorAs(t, err, &named)
		require.Equal(t, "Lambda", named.ServiceID)
		require.Equal(t, operation, named.OperationName)
		var missing *errors.ResourceNotFoundException
		require.ErrorAs(t, err, &missing)
	}
	require.Len(t, server.Requests(), 2)
}

func TestMiddlewareThatReplacesAnOutputIsToldSo(t *testing.T) {
	server, _ := newServer(t, double)
	client := newClient(t, server.Options(), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Replace", func(context.Context, middleware.InitializeInput, middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				return middleware.InitializeOutput{Result: 7}, middleware.Metadata{}, nil
			}), middleware.Before)
		})
	})
	_, err := durable.New[int, int](client, "f:live").Execution(anARN).Status(t.Context())
	require.ErrorContains(t, err, "the middleware stack returned a int in place of an output")
}

func TestRunOperationRefusesWhatIsNoOperation(t *testing.T) {
	server, _ := newServer(t, double)
	_, err := newClient(t, server.Options()).RunOperation(t.Context(), nil)
	var invalid smithy.InvalidParamsError
	require.ErrorAs(t, err, &invalid)
}
