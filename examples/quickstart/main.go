// Command quickstart makes three calls: one that succeeds, one whose function
// fails, and one of a function that does not exist. It needs no account: the
// function runs at an endpoint inside this program.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/errors" // stands in for the standard library's
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "greet", greet)

	// With an account, this is invoke.NewFromEnv(ctx), and nothing else changes.
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}

	for _, call := range []invoke.InvokeInput{
		{FunctionName: "greet", Payload: []byte(`{"name":"Ada"}`)},
		{FunctionName: "greet", Payload: []byte(`{}`)},
		{FunctionName: "gret", Payload: []byte(`{"name":"Ada"}`)},
	} {
		fmt.Fprintf(stdout, "%s(%s)\n", call.FunctionName, call.Payload)
		out, err := client.Invoke(ctx, &call)
		if err == nil {
			err = out.Err() // the function's own error: it ran, and failed
		}

		var failed *errors.FunctionError
		var missing *errors.ResourceNotFoundException
		switch {
		case err == nil:
			fmt.Fprintf(stdout, "  succeeded: %s\n", out.Payload)
		case errors.As(err, &failed):
			fmt.Fprintf(stdout, "  failed: %s\n", failed.ErrorMessage)
		case errors.As(err, &missing):
			fmt.Fprintf(stdout, "  no such function: status %d, may have run: %t\n",
				missing.StatusCode, errors.MayHaveExecuted(err))
		default:
			return err
		}
	}
	return nil
}

type person struct {
	Name string `json:"name"`
}

// greet is the remote function. Elsewhere it is yours, in any language.
func greet(_ context.Context, p person) (string, error) {
	if p.Name == "" {
		return "", errors.New("whom shall I greet?")
	}
	return "Hello, " + p.Name + "!", nil
}
