package invoketest_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// price is code to be tested: it takes any invoke.Invoker.
func price(ctx context.Context, c invoke.Invoker, item string) (string, error) {
	out, err := c.Invoke(ctx, &invoke.InvokeInput{FunctionName: "price", Payload: fmt.Appendf(nil, "%q", item)})
	if err != nil {
		return "", err
	}
	return string(out.Payload), out.Err()
}

// A caller's test: the function is a Go function, everything between is real.
// In a test, pass its t in place of nil, and the server closes itself.
func Example() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	invoketest.HandleFunc(s, "price", func(_ context.Context, item string) (float64, error) {
		if item != "tea" {
			return 0, fmt.Errorf("no price for %s", item)
		}
		return 2.5, nil
	})

	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(price(context.Background(), client, "tea"))
	_, err = price(context.Background(), client, "gold")
	var failure *errors.FunctionError
	fmt.Println(errors.As(err, &failure), failure.ErrorMessage)
	fmt.Println(string(s.Requests()[1].Body), s.Runs("price"))
	// Output:
	// 2.5 <nil>
	// true no price for gold
	// "gold" 2
}

// What goes wrong is scripted, request by request.
func ExampleServer_Script() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("price", func(context.Context, []byte) ([]byte, error) { return []byte("2.5"), nil })
	s.Script("price",
		invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0), // is retried
		nil, // no fault: this one is served
		invoketest.HangUp(invoketest.AfterRun, invoketest.Reset), // must not be
	)

	client, err := invoke.New(s.Options(), func(o *invoke.Options) { o.Retry.ThrottleBaseDelay = time.Millisecond })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(price(context.Background(), client, "tea"))
	_, err = price(context.Background(), client, "tea")
	var broken *errors.TransportError
	fmt.Println(errors.As(err, &broken), errors.MayHaveExecuted(err), s.Runs("price"))
	// Output:
	// 2.5 <nil>
	// true true 2
}

// A fault can be chosen for each request, here one in three.
func ExampleServer_Inject() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return []byte("1"), nil })
	var n atomic.Int64 // requests can come at the same time
	s.Inject(func(r *invoketest.Request) invoketest.Fault {
		if n.Add(1)%3 != 0 {
			return nil
		}
		return invoketest.Compose(invoketest.Delay(time.Millisecond), invoketest.Throw("KMSDisabledException"))
	})

	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		_, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "f"})
		var disabled *errors.KMSDisabledException
		fmt.Println(errors.As(err, &disabled))
	}
	// Output:
	// false
	// false
	// true
}
