// Package panics carries a panic from the goroutine that it happened in to the one
// that waits for it.
package panics

import "fmt"

// Error is a panic of another goroutine.
type Error struct {
	Of    string // who panicked, as the subject of a sentence
	Value any    // what recover returned
	Stack []byte // of the goroutine that panicked
}

// Error says who panicked with what and where.
func (e *Error) Error() string {
	return fmt.Sprintf("%s panicked: %v\n\n%s", e.Of, e.Value, e.Stack)
}

// Unwrap returns the value of the panic if it is an error.
func (e *Error) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
