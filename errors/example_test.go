package errors_test

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// notFound is what a call of a function that does not exist ends with.
func notFound() error {
	row, _ := errors.LookupException("ResourceNotFoundException")
	return fmt.Errorf("charge: %w", row.New(errors.LambdaServiceException{
		Message: "Function not found: charge", StatusCode: 404, RequestID: "1b2c",
	}))
}

func Example() {
	err := notFound()

	var missing *errors.ResourceNotFoundException
	var failed *errors.FunctionError
	var api *errors.LambdaServiceException
	switch {
	case errors.As(err, &missing):
		fmt.Println("deploy it first:", missing.Message)
	case errors.As(err, &failed):
		fmt.Println("the function itself failed:", failed.ErrorType)
	case errors.As(err, &api):
		fmt.Println("the service says", api.Code)
	}
	// Output: deploy it first: Function not found: charge
}

func ExampleLambdaServiceException() {
	var api *errors.LambdaServiceException
	if errors.As(notFound(), &api) { // found behind each of the 43 types
		fmt.Println(api.Code, api.StatusCode, api.Fault, api.RequestID)
	}
	// Output: ResourceNotFoundException 404 client 1b2c
}

func ExampleMayHaveExecuted() {
	for _, err := range []error{
		&errors.TransportError{Stage: errors.StageSend, Err: context.Canceled},
		&errors.TransportError{Stage: errors.StageAwait, Err: context.Canceled},
		notFound(),
		errors.New("something else"),
	} {
		fmt.Println(errors.MayHaveExecuted(err), "-", err)
	}
	// Output:
	// false - transport failed at stage send: context canceled
	// true - transport failed at stage await: context canceled
	// false - charge: ResourceNotFoundException: Function not found: charge (status 404, request ID 1b2c)
	// true - something else
}

func ExampleFunctionError() {
	var err error = &errors.FunctionError{
		FunctionName: "charge", ErrorType: "ValueError", ErrorMessage: "amount is negative", RequestID: "1b2c",
		StackTrace: []string{`File "/var/task/app.py", line 7, in handler`},
	}
	fmt.Println(err)
	fmt.Printf("%+v\n", err)
	// Output:
	// function charge failed: ValueError: amount is negative (request ID 1b2c)
	// function charge failed: ValueError: amount is negative (request ID 1b2c)
	// 	File "/var/task/app.py", line 7, in handler
}

func ExampleExceptions() {
	for _, x := range errors.Exceptions() {
		if x.MayHaveExecuted {
			fmt.Println(x.Code, x.StatusCode, x.Fault, x.Retry)
		}
	}
	// Output:
	// EFSIOException 410 client never
	// ServiceException 500 server transient
}

// What is known of a code, such as one in a log, without an error at hand.
func ExampleLookupException() {
	for _, code := range []string{"TooManyRequestsException", "ServiceException", "NoSuchException"} {
		row, ok := errors.LookupException(code)
		if !ok {
			fmt.Println(code, "is not documented")
			continue
		}
		fmt.Printf("%s: retry %v, may have run %t\n", row.Code, row.Retry, row.MayHaveExecuted)
	}
	// Output:
	// TooManyRequestsException: retry throttle, may have run false
	// ServiceException: retry transient, may have run true
	// NoSuchException is not documented
}
