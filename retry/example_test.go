package retry_test

import (
	"context"
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// The policy is part of a client's options. This one retries a function that may
// run twice, also when its database was busy.
func Example() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	calls := 0
	invoketest.HandleFunc(endpoint, "report", func(context.Context, string) (string, error) {
		if calls++; calls == 1 {
			return "", &errors.FunctionError{ErrorType: "DatabaseBusy"}
		}
		return "done", nil
	})

	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) {
		o.Retry = retry.Policy{
			MaxAttempts: 5,
			Idempotent:  true,
			Retryable: func(err error) bool {
				var failed *errors.FunctionError
				return errors.As(err, &failed) && failed.ErrorType == "DatabaseBusy"
			},
		}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(invoke.NewFunc[string, string](client, "report").Call(context.Background(), "monday"))
	fmt.Println("runs:", endpoint.Runs("report"))
	// Output:
	// done <nil>
	// runs: 2
}

// refusal is an error of the service, as Invoke returns it.
func refusal(code string) error {
	row, _ := errors.LookupException(code)
	return row.New(errors.LambdaServiceException{StatusCode: row.StatusCode})
}

// A client retries what is worth another attempt and did not run; with
// [retry.Policy].Idempotent, also what may have run.
func ExampleClassify() {
	for _, err := range []error{
		&errors.TransportError{Stage: errors.StageConnect, Err: errors.New("connection refused")},
		&errors.TransportError{Stage: errors.StageAwait, Err: errors.New("connection reset")},
		refusal("TooManyRequestsException"),
		refusal("ServiceException"),
		refusal("ResourceNotFoundException"),
	} {
		class := retry.Classify(err)
		fmt.Printf("worth it: %-5t may have run: %-5t throttled: %t\n", class.Retryable, class.MayHaveExecuted, class.Throttle)
	}
	// Output:
	// worth it: true  may have run: false throttled: false
	// worth it: true  may have run: true  throttled: false
	// worth it: true  may have run: false throttled: true
	// worth it: true  may have run: true  throttled: false
	// worth it: false may have run: false throttled: false
}

// Only what is set differs from the defaults.
func ExamplePolicy() {
	patient := retry.Policy{MaxAttempts: 8, MaxDelay: time.Minute}.WithDefaults()
	fmt.Println(patient.MaxAttempts, "attempts")
	fmt.Println("after a fault, up to", patient.BaseDelay, "and then up to twice as long each time")
	fmt.Println("throttled, up to", patient.ThrottleBaseDelay)
	fmt.Println("never longer than", patient.MaxDelay)
	// Output:
	// 8 attempts
	// after a fault, up to 50ms and then up to twice as long each time
	// throttled, up to 1s
	// never longer than 1m0s
}

// Where a retry would begin after the caller's deadline, the call ends at once
// and says how long the wait would have been: time to put the item back in line.
func ExampleGaveUpError() {
	var err error = &retry.GaveUpError{ // from Invoke
		Attempts: 1, Delay: 5 * time.Second,
		Reason: context.DeadlineExceeded, Err: refusal("TooManyRequestsException"),
	}
	var gaveUp *retry.GaveUpError
	if errors.As(err, &gaveUp) && !errors.MayHaveExecuted(err) {
		fmt.Println("back in line for", gaveUp.Delay)
	}
	// Output: back in line for 5s
}
