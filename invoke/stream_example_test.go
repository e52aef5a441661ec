package invoke_test

import (
	"bytes"
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

// exportStream begins the response of a function that logs, and fails midway.
func exportStream() (*invoke.InvokeWithResponseStreamOutput, func()) {
	endpoint := invoketest.NewServer(nil)
	endpoint.HandleStream("export", func(ctx context.Context, _ []byte, w io.Writer) error {
		fmt.Fprintln(w, "id,total")
		invoketest.Logf(ctx, "ERROR order 17 has no total")
		return errors.New("order 17")
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		panic(err)
	}
	out, err := client.InvokeWithResponseStream(context.Background(), &invoke.InvokeWithResponseStreamInput{
		FunctionName: "export",
		LogType:      invoke.LogTypeTail,
	})
	if err != nil {
		panic(err)
	}
	return out, endpoint.Close
}

// The log comes at the end of the stream, also of one that ends in an error.
func ExampleInvokeWithResponseStreamOutput_Log() {
	out, stop := exportStream()
	defer stop()
	defer out.Body.Close()

	_, err := io.Copy(os.Stdout, out.Body)
	var failed *errors.FunctionError
	if !errors.As(err, &failed) {
		log.Fatal(err)
	}
	fmt.Println("failed:", failed.ErrorMessage)
	tail, err := out.Log()
	if err != nil {
		log.Fatal(err)
	}
	for line := range bytes.Lines(tail) {
		if bytes.HasPrefix(line, []byte("ERROR")) {
			fmt.Printf("%s", line)
		}
	}
	// Output:
	// id,total
	// failed: order 17
	// ERROR order 17 has no total
}

// What the platform reports is there once Body has come to its end.
func ExampleInvokeWithResponseStreamOutput_Report() {
	out, stop := exportStream()
	defer stop()
	defer out.Body.Close()

	_, ok := out.Report()
	fmt.Println("at the beginning:", ok)
	_, err := io.Copy(io.Discard, out.Body)
	report, ok := out.Report()
	fmt.Println("at the end:", ok, report.MemorySizeMB, "MB, failed:", err != nil)
	// Output:
	// at the beginning: false
	// at the end: true 128 MB, failed: true
}

// A function that was written for a function URL sends the status, headers and
// cookies of its HTTP reply before the body.
func ExampleInvokeWithResponseStreamOutput_ReadHTTPPrelude() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.HandleStream("page", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := io.WriteString(w, `{"statusCode":201,"headers":{"content-type":"text/plain"},"cookies":["a=1"]}`+
			"\x00\x00\x00\x00\x00\x00\x00\x00"+"created\n")
		return err
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}
	out, err := client.InvokeWithResponseStream(context.Background(), &invoke.InvokeWithResponseStreamInput{FunctionName: "page"})
	if err != nil {
		log.Fatal(err)
	}
	defer out.Body.Close()

	prelude, err := out.ReadHTTPPrelude()
	var none *errors.HTTPPreludeError
	switch {
	case errors.As(err, &none) && none.Absent:
		fmt.Println("not an HTTP reply") // Body has all of it
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(prelude.StatusCode, prelude.Header.Get("Content-Type"), prelude.Cookies)
	}
	if _, err := io.Copy(os.Stdout, out.Body); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 201 text/plain [a=1]
	// created
}
