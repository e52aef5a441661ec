package invoke_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func ExampleClient_InvokeWithResponseStream() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.HandleStream("count", func(_ context.Context, _ []byte, w io.Writer) error {
		for i := range 3 {
			fmt.Fprintf(w, "%d\n", i+1)
		}
		return errors.New("out of numbers")
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	out, err := client.InvokeWithResponseStream(context.Background(), &invoke.InvokeWithResponseStreamInput{FunctionName: "count"})
	if err != nil {
		log.Fatal(err) // nothing was streamed
	}
	defer out.Body.Close()

	_, err = io.Copy(os.Stdout, out.Body)
	var failed *errors.FunctionError
	if errors.As(err, &failed) {
		fmt.Println("the function failed after that:", failed.ErrorMessage)
	}
	// Output:
	// 1
	// 2
	// 3
	// the function failed after that: out of numbers
}
