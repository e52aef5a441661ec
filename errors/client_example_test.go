package errors_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// The function has moved on, and its caller has not. The error never quotes the
// result, which is in Payload for whoever may see it.
func ExampleDecodeError() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("price", func(context.Context, []byte) ([]byte, error) { return []byte(`{"amount":"2.50"}`), nil })
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	type money struct{ Amount float64 }
	_, err = invoke.NewFunc[string, money](client, "price").Call(context.Background(), "tea")
	var undecoded *errors.DecodeError
	if errors.As(err, &undecoded) {
		fmt.Printf("%s\n", undecoded.Payload)
		fmt.Println("quoted:", strings.Contains(err.Error(), "2.50"), "may have run:", errors.MayHaveExecuted(err))
	}
	// Output:
	// {"amount":"2.50"}
	// quoted: false may have run: true
}
