package errors

import stderrors "errors"

// ErrUnsupported is the standard library's errors.ErrUnsupported, the same value.
var ErrUnsupported = stderrors.ErrUnsupported

// As finds the first error in err's tree that fits target, a non-nil pointer to an error type, and stores it there.
// It is the standard library's errors.As.
func As(err error, target any) bool { return stderrors.As(err, target) }

// Is reports whether an error in err's tree equals target. It is the standard library's errors.Is.
func Is(err, target error) bool { return stderrors.Is(err, target) }

// Join makes one error of all that are not nil, or nil of none. It is the standard library's errors.Join.
func Join(errs ...error) error { return stderrors.Join(errs...) }

// New makes an error with the given text, different from every other. It is the standard library's errors.New.
func New(text string) error { return stderrors.New(text) }

// Unwrap returns what err's Unwrap() error method returns, or nil. It is the standard library's errors.Unwrap.
func Unwrap(err error) error { return stderrors.Unwrap(err) }
