// Command errorkinds lets calls fail in every way there is, and shows how a
// program tells the ways apart. It needs no account: the function runs at an
// endpoint inside this program.
//
//	go run ./examples/errorkinds
package main

import (
	"context"
	"fmt"
	"io"
	"os"
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

// kind is the part to copy: what an error is, from the most particular on.
func kind(err error) string {
	var failed *errors.FunctionError
	var missing *errors.ResourceNotFoundException
	var throttled *errors.TooManyRequestsException
	var refused *errors.LambdaServiceException
	var transport *errors.TransportError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "my deadline passed"
	case errors.As(err, &failed):
		return fmt.Sprintf("the function failed: %s (its timeout: %v)", failed.ErrorType, failed.IsTimeout())
	case errors.As(err, &missing):
		return "there is no such function"
	case errors.As(err, &throttled):
		return "throttled: " + string(throttled.Reason)
	case errors.As(err, &refused):
		return fmt.Sprintf("the service says %s (%d)", refused.Code, refused.StatusCode)
	case errors.As(err, &transport):
		return "the connection failed at stage " + transport.Stage.String()
	}
	return "something else: " + err.Error()
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "work", func(_ context.Context, how string) (string, error) {
		if how == "slow" {
			return "", &errors.FunctionError{ErrorType: "Sandbox.Timedout", ErrorMessage: "Task timed out after 3.00 seconds"}
		}
		return "", errors.New("not today")
	})
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%-62s %s\n", "WHAT IT IS", "MAY HAVE RUN")
	for _, call := range []struct {
		function, input string
		fault           invoketest.Fault
	}{
		{"work", "", nil}, {"work", "slow", nil}, {"nowhere", "", nil},
		{"work", "", invoketest.Throttle(errors.ThrottleReservedConcurrency, 0)}, {"work", "", invoketest.Throw("AccessDeniedException")},
		{"work", "", invoketest.ForeignBody(503, "text/html", []byte("<h1>proxy error</h1>"))},
		{"work", "", invoketest.HangUp(invoketest.AfterRun, invoketest.Reset)}, {"work", "", invoketest.Delay(time.Minute)},
	} {
		endpoint.Script(call.function, call.fault)
		ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		_, err := invoke.NewFunc[string, string](client, call.function).Call(ctx, call.input)
		cancel()
		fmt.Fprintf(stdout, "%-62s %v\n", kind(err), errors.MayHaveExecuted(err))
	}
	return nil
}
