//go:build go1.26

package errors

import stderrors "errors"

// AsType finds the first error in err's tree that is an E. It is the standard library's errors.AsType, and exists from Go 1.26 on;
// [As] does the same for older toolchains.
func AsType[E error](err error) (E, bool) { return stderrors.AsType[E](err) }
