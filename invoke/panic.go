package invoke

import "fmt"

// panicError carries a panic from the goroutine that it happened in to the one
// that waits for it.
type panicError struct {
	of    string // who panicked
	value any
	stack []byte
}

func (e *panicError) Error() string {
	return fmt.Sprintf("%s panicked: %v\n\n%s", e.of, e.value, e.stack)
}

// Unwrap returns the value of the panic if it is an error.
func (e *panicError) Unwrap() error {
	err, _ := e.value.(error)
	return err
}
