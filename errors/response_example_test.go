package errors_test

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A captive portal answers every request with its own page and status 200. That is not taken for the function's result.
func ExampleUnexpectedResponseError() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Script("f", invoketest.ForeignBody(200, "text/html", []byte("<html>Sign in to go on</html>")))
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "f"})
	var unexpected *errors.UnexpectedResponseError
	if errors.As(err, &unexpected) {
		fmt.Println(unexpected.StatusCode, unexpected.ContentType, unexpected.Body)
		fmt.Println("may have run:", errors.MayHaveExecuted(err))
	}
	// Output:
	// 200 text/html <html>Sign in to go on</html>
	// may have run: true
}

// The service says that it cannot read a payload. The client adds where the payload is wrong.
func ExampleInvalidRequestContentException() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Script("f", invoketest.Throw("InvalidRequestContentException"))
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{\"title\":\"caf\xe9\"}")})
	var content *errors.InvalidRequestContentException
	if errors.As(err, &content) {
		fmt.Println("the payload", content.PayloadProblem)
	}
	// Output:
	// the payload is not UTF-8 at offset 13: byte 0xe9
}
