// Command typed calls a remote function as if it were a Go function: structs go
// in and come out. It needs no account: the function runs at an endpoint inside
// this program.
//
//	go run ./examples/typed
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

type order struct {
	Item  string `json:"item"`
	Count int    `json:"count"`
}

type receipt struct {
	Total float64 `json:"total"`
	Note  string  `json:"note,omitempty"`
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "checkout", func(_ context.Context, o order) (receipt, error) {
		if o.Count == 0 {
			return receipt{}, errors.New("an order of nothing")
		}
		return receipt{Total: 2.5 * float64(o.Count), Note: "thank you"}, nil
	})

	// With a real account: invoke.NewFromEnv(ctx).
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}
	checkout := invoke.NewFunc[order, receipt](client, "checkout")

	bill, err := checkout.Call(ctx, order{Item: "tea", Count: 3})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "3 tea: %.2f, %s\n", bill.Total, bill.Note)

	// An error that the function returns is an error here, too.
	_, err = checkout.Call(ctx, order{Item: "tea"})
	var failed *errors.FunctionError
	if !errors.As(err, &failed) {
		return fmt.Errorf("want an error of the function, got %w", err)
	}
	fmt.Fprintf(stdout, "0 tea: the function says %q\n", failed.ErrorMessage)

	// The tenant and the like belong to the Func; what is not JSON passes as it is.
	raw := invoke.NewFunc[[]byte, []byte](client, "checkout", func(o *invoke.FuncOptions) {
		o.Qualifier = "live"
	})
	payload, err := raw.Call(ctx, []byte(`{"item":"tea","count":1}`))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "1 tea, as it is on the wire: %s\n", payload)
	return nil
}
