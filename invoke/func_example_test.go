package invoke_test

import (
	"context"
	"fmt"
	"log"

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

// tenantKey is where a server's middleware leaves the tenant of a request.
type tenantKey struct{}

// What differs from call to call is set just before the request is sent.
func ExampleFuncOptions_prepare() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "balance", func(ctx context.Context, account int) (string, error) {
		call, _ := invoketest.FromContext(ctx)
		return fmt.Sprintf("account %d of %s", account, call.TenantId), nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}
	balance := invoke.NewFunc[int, string](client, "balance", func(o *invoke.FuncOptions) {
		o.Prepare = func(ctx context.Context, in *invoke.InvokeInput) {
			in.TenantId, _ = ctx.Value(tenantKey{}).(string)
		}
	})

	ctx := context.WithValue(context.Background(), tenantKey{}, "acme")
	fmt.Println(balance.Call(ctx, 17))
	// Output: account 17 of acme <nil>
}

// What a reply says beside the result, for every call of the function.
func ExampleFuncOptions_observe() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length", func(o *invoke.FuncOptions) {
		o.LogType = invoke.LogTypeTail // for the report
		o.Observe = func(_ context.Context, out *invoke.InvokeOutput) {
			report, _ := out.Report()
			fmt.Printf("attempts: %d, memory: %d MB, failed: %t\n", out.Attempts, report.MaxMemoryUsedMB, out.FunctionError != "")
		}
	})

	fmt.Println(length.Call(context.Background(), "lambda"))
	_, err := length.Call(context.Background(), "")
	var failed *errors.FunctionError
	if errors.As(err, &failed) {
		fmt.Println("function", failed.FunctionName, "failed")
	}
	// Output:
	// attempts: 1, memory: 32 MB, failed: false
	// 6 <nil>
	// attempts: 1, memory: 32 MB, failed: true
	// function length failed
}
