package invoke_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// exampleClient returns a client of an endpoint with function "length", which
// measures a word and refuses an empty one.
func exampleClient() (*invoke.Client, func()) {
	endpoint := invoketest.NewServer(nil)
	invoketest.HandleFunc(endpoint, "length", func(_ context.Context, word string) (int, error) {
		if word == "" {
			return 0, errors.New("no word")
		}
		return len(word), nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		panic(err)
	}
	return client, endpoint.Close
}

func ExampleNewFunc() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length")

	n, err := length.Call(context.Background(), "lambda")
	fmt.Println(n, err)
	// Output: 6 <nil>
}

func ExampleFunc_Call() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length")

	for _, word := range []string{"lambda", "call"} {
		n, err := length.Call(context.Background(), word)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(word, "has", n, "letters")
	}
	// Output:
	// lambda has 6 letters
	// call has 4 letters
}

func ExampleFunc_Call_functionError() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length")

	_, err := length.Call(context.Background(), "")
	var failed *errors.FunctionError
	if errors.As(err, &failed) {
		fmt.Println("the function says:", failed.ErrorMessage)
	}
	// Output: the function says: no word
}

func ExampleFunc_Send() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, struct{}](client, "length")

	// The event is accepted; what becomes of it is the function's affair.
	fmt.Println(length.Send(context.Background(), "lambda"))
	// Output: <nil>
}

func ExampleFunc_Map() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length")

	words := slices.Values([]string{"a", "", "call", "for", "each"})
	for r := range length.Map(context.Background(), words, func(o *invoke.MapOptions) { o.Ordered = true }) {
		switch {
		case r.Err == nil:
			fmt.Println(r.Index, r.In, r.Out)
		case errors.MayHaveExecuted(r.Err):
			fmt.Println(r.Index, "ran or may have run, and failed")
		default:
			fmt.Println(r.Index, "did not run")
		}
	}
	// Output:
	// 0 a 1
	// 1 ran or may have run, and failed
	// 2 call 4
	// 3 for 3
	// 4 each 4
}

func ExampleClientContext() {
	encoded, err := invoke.ClientContext{Custom: map[string]string{"locale": "de"}}.Encode()
	if err != nil {
		fmt.Println(err) // over the limit of 3,583 bytes
		return
	}
	in := invoke.InvokeInput{FunctionName: "length", ClientContext: encoded}
	fmt.Println(in.ClientContext)
	// Output: eyJjdXN0b20iOnsibG9jYWxlIjoiZGUifX0=
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
