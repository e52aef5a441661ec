package invoketest_test

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A function that calls another one takes two places of the account's concurrency.
func ExampleServer_SetConcurrency() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	client, err := invoke.New(s.Options(), func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Handle("stock", func(context.Context, []byte) ([]byte, error) { return []byte("3"), nil })
	s.Handle("order", func(ctx context.Context, _ []byte) ([]byte, error) {
		_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "stock"})
		var busy *errors.TooManyRequestsException
		if errors.As(err, &busy) {
			return []byte(busy.Reason), nil
		}
		return []byte("ordered"), err
	})

	for places := 1; places <= 2; places++ {
		s.SetConcurrency(places)
		out, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "order"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d: %s\n", places, out.Payload)
	}
	fmt.Println("throttled:", s.Stats().Throttled)
	// Output:
	// 1: ConcurrentInvocationLimitExceeded
	// 2: ordered
	// throttled: 1
}
