package errors_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// An exception that guarantees something of a reply guarantees nothing in the
// midst of a stream.
func ExampleStreamError() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.HandleStream("export", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := io.WriteString(w, "id,total\n")
		return err
	})
	endpoint.Script("export", invoketest.ThrowInStream("TooManyRequestsException"))
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	out, err := client.InvokeWithResponseStream(context.Background(), &invoke.InvokeWithResponseStreamInput{FunctionName: "export"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Body.Close()
	_, err = io.Copy(os.Stdout, out.Body)
	var broken *errors.StreamError
	var api *errors.LambdaServiceException
	if errors.As(err, &broken) && errors.As(err, &api) {
		fmt.Println(api.Code, "midway, may have run:", errors.MayHaveExecuted(err))
	}
	// Output:
	// id,total
	// TooManyRequestsException midway, may have run: true
}
