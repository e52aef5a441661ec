package invoke_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// The function ran, so the call succeeded; Err tells what became of the function.
func ExampleInvokeOutput_Err() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("report", func(context.Context, []byte) ([]byte, error) {
		return nil, &errors.FunctionError{ErrorType: "Sandbox.Timedout", ErrorMessage: "Task timed out after 3.00 seconds"}
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	out, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "report"})
	if err != nil {
		log.Fatal(err) // nothing is known of the function
	}
	var failed *errors.FunctionError
	switch {
	case !errors.As(out.Err(), &failed):
		fmt.Printf("%s\n", out.Payload)
	case failed.IsTimeout():
		fmt.Println("give it more time:", failed.ErrorMessage)
	case failed.IsOutOfMemory():
		fmt.Println("give it more memory")
	default:
		fmt.Println("its own error:", failed.ErrorType)
	}
	// Output: give it more time: Task timed out after 3.00 seconds
}

// The end of the function's log, without looking for it in CloudWatch.
func ExampleInvokeOutput_Log() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("import", func(ctx context.Context, _ []byte) ([]byte, error) {
		invoketest.Logf(ctx, "INFO row 1: imported")
		invoketest.Logf(ctx, "WARN row 2: no price")
		return nil, nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	out, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "import", LogType: invoke.LogTypeTail})
	if err != nil {
		log.Fatal(err)
	}
	tail, err := out.Log()
	if err != nil {
		log.Fatal(err)
	}
	for line := range bytes.Lines(tail) {
		if bytes.HasPrefix(line, []byte("WARN")) {
			fmt.Printf("%s", line)
		}
	}
	// Output: WARN row 2: no price
}

func ExampleInvokeOutput_Report() {
	client, stop := exampleClient()
	defer stop()
	out, err := client.Invoke(context.Background(), &invoke.InvokeInput{
		FunctionName: "length",
		Payload:      []byte(`"lambda"`),
		LogType:      invoke.LogTypeTail,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if report, ok := out.Report(); ok {
		fmt.Println(report.MemorySizeMB, "MB,", report.RequestID == out.RequestID)
	}
	// Output: 128 MB, true
}
