// Lambdainvoke does what nethttp does, with this client.
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
	client, err := invoke.New(invoke.Options{
		Region:       "us-east-1",
		Credentials:  invoke.StaticCredentials("AKIDEXAMPLE", "secret", ""),
		BaseEndpoint: os.Args[1],
	})
	if err != nil {
		panic(err)
	}
	out, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(out.Payload)
}
