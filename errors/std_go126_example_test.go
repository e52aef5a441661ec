//go:build go1.26

package errors_test

import (
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// From Go 1.26 on, without a variable for the error.
func ExampleAsType() {
	if missing, ok := errors.AsType[*errors.ResourceNotFoundException](notFound()); ok {
		fmt.Println("deploy it first:", missing.Message)
	}
	// Output: deploy it first: Function not found: charge
}
