package invoke_test

import (
	"context"
	"fmt"
	"log"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// What is wrong with the options shows here, and not in the first call.
func ExampleNew() {
	client, err := invoke.New(invoke.Options{
		Region:      "eu-central-1",
		Credentials: invoke.StaticCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI", ""),
	}, func(o *invoke.Options) { o.Retry.MaxAttempts = 5 })
	fmt.Println(client != nil, err)

	_, err = invoke.New(invoke.Options{Region: "eu-central-1"})
	fmt.Println(err)
	// Output:
	// true <nil>
	// invoke: Options.Credentials is nil; use StaticCredentials, NewFromEnv or module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig
}

// A test's client is New's as well: of an endpoint inside the test.
func ExampleNew_fake() {
	fake := invoketest.NewServer(nil) // with a testing.TB, it closes itself
	defer fake.Close()
	invoketest.HandleFunc(fake, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })

	client, err := invoke.New(fake.Options())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(invoke.NewFunc[int, int](client, "double").Call(context.Background(), 21))
	// Output: 42 <nil>
}

// An error of Invoke is about the call. What became of the function is in the
// output: its payload, or the error that Err makes of it.
func ExampleClient_Invoke() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("resize", func(_ context.Context, payload []byte) ([]byte, error) {
		if string(payload) != `"cat.jpg"` {
			return nil, errors.New("no such picture")
		}
		return []byte(`{"width":640}`), nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	for _, payload := range []string{`"cat.jpg"`, `"dog.jpg"`} {
		out, err := client.Invoke(context.Background(), &invoke.InvokeInput{
			FunctionName: "resize",
			Payload:      []byte(payload),
		})
		if err != nil {
			log.Fatal(err, ", may have run: ", errors.MayHaveExecuted(err))
		}
		var failed *errors.FunctionError
		if errors.As(out.Err(), &failed) {
			fmt.Println("failed:", failed.ErrorMessage)
			continue
		}
		fmt.Printf("%d %s, attempts: %d\n", out.StatusCode, out.Payload, out.Attempts)
	}
	// Output:
	// 200 {"width":640}, attempts: 1
	// failed: no such picture
}
