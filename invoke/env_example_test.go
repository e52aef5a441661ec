package invoke_test

import (
	"context"
	"fmt"
	"log"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// In a Lambda function, a container or a CI job, the environment has all that
// a client needs. What the program sets goes before it.
func ExampleNewFromEnv() {
	leave := inContainer() // with its variables in the environment
	defer leave()

	ctx := context.Background()
	client, err := invoke.NewFromEnv(ctx, func(o *invoke.Options) {
		o.Retry.MaxAttempts = 5
	})
	if err != nil {
		log.Fatal(err) // it says which variable is missing or wrong
	}
	out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "orders", Payload: []byte(`{"id":17}`)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out.Payload)
	// Output: {"id":17}
}
