package invoke_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors" // stands in for the standard one
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

type purchase struct{ ID int }

type receipt struct{ Total float64 }

// A remote function as a typed Go function, and what to do about its errors.
func Example() {
	endpoint := invoketest.NewServer(nil) // with an account: invoke.NewFromEnv(ctx) in place of this and of New
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "checkout", func(_ context.Context, p purchase) (receipt, error) {
		if p.ID == 0 {
			return receipt{}, errors.New("no such purchase")
		}
		return receipt{Total: 9.5}, nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // the only deadline there is
	defer cancel()

	checkout := invoke.NewFunc[purchase, receipt](client, "checkout")
	for _, p := range []purchase{{ID: 17}, {}} {
		paid, err := checkout.Call(ctx, p)
		var failed *errors.FunctionError
		switch {
		case err == nil:
			fmt.Println("paid:", paid.Total)
		case errors.As(err, &failed):
			fmt.Println("the function failed:", failed.ErrorMessage)
		case errors.MayHaveExecuted(err):
			log.Fatal("it may have been paid, look before you try again: ", err)
		default:
			log.Fatal("nothing has happened: ", err)
		}
	}
	// Output:
	// paid: 9.5
	// the function failed: no such purchase
}
