// Lambdainvokeenv is lambdainvoke with region and credentials from the environment, as most programs have them.
package main

import (
	"context"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func main() {
	if len(os.Args) < 2 {
		return
	}
	ctx := context.Background()
	client, err := invoke.NewFromEnv(ctx, func(o *invoke.Options) { o.BaseEndpoint = os.Args[1] })
	if err != nil {
		panic(err)
	}
	out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(out.Payload)
}
