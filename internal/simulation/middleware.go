package simulation

import (
	"context"
	stderrors "errors"

	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// middlewareKind is what a caller has put into the client's stack.
type middlewareKind int

const (
	middlewareNone    middlewareKind = iota
	middlewareLooks                  // passes everything on
	middlewareRetries                // goes through the client's retry loop again where the error says that nothing ran
	middlewareInsists                // goes through it again whatever happened, so a function may run twice by the caller's own will
	middlewareDenies                 // puts an error around every attempt's that claims that nothing ran
	middlewareHides                  // replaces the errors of the call by its own
)

// String is the kind's name.
func (k middlewareKind) String() string {
	return [...]string{"none", "looks", "retries", "insists", "denies", "hides"}[k]
}

// add puts the middleware into a stack.
func (k middlewareKind) add(stack *middleware.Stack) error {
	m := middleware.FinalizeMiddlewareFunc("simulated", k.handle)
	if k == middlewareDenies || k == middlewareLooks {
		return stack.Finalize.Insert(m, "Retry", middleware.After)
	}
	return stack.Finalize.Insert(m, "Retry", middleware.Before)
}

func (k middlewareKind) handle(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleFinalize(ctx, in)
	switch {
	case err == nil:
		return out, metadata, nil
	case k == middlewareRetries && !errors.MayHaveExecuted(err), k == middlewareInsists:
		return next.HandleFinalize(ctx, in)
	case k == middlewareDenies:
		err = &denial{err}
	case k == middlewareHides:
		err = stderrors.New("simulated: it failed")
	}
	return out, metadata, err
}

// denial is an error that claims that the function did not run.
type denial struct{ err error }

func (d *denial) Error() string       { return "simulated: denied: " + d.err.Error() }
func (d *denial) Unwrap() error       { return d.err }
func (*denial) MayHaveExecuted() bool { return false }
