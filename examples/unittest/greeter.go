// Package unittest shows how to test code that calls Lambda functions. Greeter
// is the code to be tested; greeter_test.go is the point:
//
//	go test -v ./examples/unittest
package unittest

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Greeter greets people in their language, which a function knows.
type Greeter struct {
	word *invoke.Func[string, string]
}

// NewGreeter takes any Invoker, so that tests can give it a client of their
// own endpoint, or something that is no client at all.
func NewGreeter(c invoke.Invoker) *Greeter {
	return &Greeter{word: invoke.NewFunc[string, string](c, "greeting")}
}

// Greet returns a greeting, and a neutral one where the function fails: a
// greeting is no reason to give up.
func (g *Greeter) Greet(ctx context.Context, name, language string) (string, error) {
	word, err := g.word.Call(ctx, language)
	var failed *errors.FunctionError
	switch {
	case errors.As(err, &failed):
		word = "Hello"
	case err != nil:
		return "", fmt.Errorf("greet %s: %w", name, err)
	}
	return word + " " + name, nil
}
