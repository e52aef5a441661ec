// Command middleware extends a client with two middlewares of its own: one adds
// a header that is signed, and one measures every attempt. It needs no account:
// the function runs at an endpoint inside this program.
//
//	go run ./examples/middleware
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "ship", func(context.Context, int) (string, error) {
		return "shipped", nil
	})
	endpoint.Script("ship", invoketest.Throw("ResourceNotReadyException")) // once; it passes

	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions,
			sendCorrelation,
			measureAttempts(func(took time.Duration, err error) {
				fmt.Fprintf(stdout, "an attempt took %s: %s\n", took.Round(time.Microsecond), outcome(err))
			}))
	})
	if err != nil {
		return err
	}
	ship := invoke.NewFunc[int, string](client, "ship")
	answer, err := ship.Call(withCorrelation(ctx, "order-17"), 17)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "the function says %q\n", answer)

	for _, r := range endpoint.Requests() {
		fmt.Fprintf(stdout, "the endpoint saw %s in attempt %d, signed: %t\n", r.Header.Get("X-Correlation-Id"), r.Attempt,
			strings.Contains(r.Header.Get("Authorization"), "x-correlation-id"))
	}
	return nil
}

func outcome(err error) string {
	var service *errors.LambdaServiceException
	switch {
	case err == nil:
		return "success"
	case errors.As(err, &service):
		return service.Code
	default:
		return err.Error()
	}
}
