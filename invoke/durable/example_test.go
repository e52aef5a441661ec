package durable_test

import (
	"context"
	stderrors "errors"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A call that is repeated, for whatever reason, joins the execution that it
// started before.
func Example() {
	server := invoketest.NewServer(nil)
	defer server.Close()
	invoketest.HandleFunc(server, "ship", func(_ context.Context, item string) (string, error) { return item + " shipped", nil })
	client, err := invoke.New(server.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	ship := durable.New[string, string](client, "ship:live")
	for range 3 {
		fmt.Println(ship.Call(context.Background(), "order-4711", "lamp"))
	}
	fmt.Println("executions:", server.Runs("ship"))
	// Output:
	// lamp shipped <nil>
	// lamp shipped <nil>
	// lamp shipped <nil>
	// executions: 1
}

// An execution outlives the process that started it: its ARN is all that the next
// one needs.
func ExampleFunc_Execution() {
	server := invoketest.NewServer(nil)
	defer server.Close()
	invoketest.HandleFunc(server, "count", func(_ context.Context, n int) (int, error) { return n + 1, nil })
	client, err := invoke.New(server.Options())
	if err != nil {
		fmt.Println(err)
		return
	}
	count := durable.New[int, int](client, "count:live")

	execution, err := count.Start(context.Background(), "night-of-monday", 41)
	if err != nil {
		fmt.Println(err)
		return
	}
	stored := execution.ARN() // in a database, say

	fmt.Println(count.Execution(stored).Wait(context.Background()))
	status, err := count.Execution(stored).Status(context.Background())
	fmt.Println(status.Status, err)
	// Output:
	// 42 <nil>
	// SUCCEEDED <nil>
}

func ExampleExecution_Stop() {
	server := invoketest.NewServer(nil)
	defer server.Close()
	invoketest.HandleFunc(server, "ship", func(ctx context.Context, _ string) (string, error) { <-ctx.Done(); return "", ctx.Err() })
	client, err := invoke.New(server.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	execution, err := durable.New[string, string](client, "ship:live").Start(context.Background(), "order-4711", "lamp")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := execution.Stop(context.Background(), stderrors.New("cancelled by the customer")); err != nil {
		fmt.Println(err)
		return
	}
	_, err = execution.Wait(context.Background())
	var ended *durable.ExecutionError
	fmt.Println(errors.Is(err, durable.ErrStopped), errors.As(err, &ended), ended.Reason.ErrorMessage)
	// Output: true true cancelled by the customer
}
