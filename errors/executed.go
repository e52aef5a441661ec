package errors

import "github.com/aws/smithy-go"

// MayHaveExecuted reports whether the function may have run although err came back. Its false is a guarantee, so what it knows nothing
// of is true; nil is false, because a call that succeeded has no error to ask about.
//
// It walks the tree of err from the outside. A node with a method MayHaveExecuted() bool answers for all that it wraps: the types of this
// package do, and a caller's own types may. An input that was refused before anything was sent is false. Any other node stands for what
// it wraps, and one that wraps several errors is true if any of them is.
func MayHaveExecuted(err error) bool {
	switch e := err.(type) { //nolint:errorlint // the walk looks at one node at a time, on purpose
	case nil:
		return false
	case interface{ MayHaveExecuted() bool }:
		return e.MayHaveExecuted()
	case smithy.InvalidParamsError, *smithy.InvalidParamsError, *smithy.SerializationError:
		return false
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return MayHaveExecuted(inner)
		}
	case interface{ Unwrap() []error }:
		return anyMayHaveExecuted(e.Unwrap())
	}
	return true
}

// anyMayHaveExecuted answers for the branches of one node. A node without branches is a leaf that nothing is known of.
func anyMayHaveExecuted(branches []error) bool {
	known := false
	for _, branch := range branches {
		if MayHaveExecuted(branch) {
			return true
		}
		known = known || branch != nil
	}
	return !known
}
