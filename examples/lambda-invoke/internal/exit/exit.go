// Package exit maps errors to the program's exit statuses.
package exit

import (
	"fmt"
	"io"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
)

// The exit statuses. They answer the question of a script: may I call again?
const (
	OK            = 0 // the function succeeded, or the event was accepted
	FunctionError = 1 // the function ran and reported an error
	Usage         = 2 // the command line or the input is wrong; nothing was sent
	NotRun        = 3 // the call failed and the function did not run
	MayHaveRun    = 4 // the call failed and the function may have run
)

type (
	// UsageError is the caller's fault, before anything was sent.
	UsageError struct{ Err error }
	// SetupError is the configuration's fault, before anything was sent.
	SetupError struct{ Err error }
	// OutputError is a result that could not be written.
	OutputError struct{ Err error }
)

func (e UsageError) Error() string  { return e.Err.Error() }
func (e SetupError) Error() string  { return e.Err.Error() }
func (e OutputError) Error() string { return e.Err.Error() }
func (e UsageError) Unwrap() error  { return e.Err }
func (e SetupError) Unwrap() error  { return e.Err }
func (e OutputError) Unwrap() error { return e.Err }

// Fail says on stderr why a command failed, and returns the exit status for it.
func Fail(stderr io.Writer, err error) int {
	status, remark := judge(err)
	fmt.Fprintf(stderr, "lambda-invoke: %s\n", describe(err))
	if remark != "" {
		fmt.Fprintf(stderr, "lambda-invoke: %s\n", remark)
	}
	return status
}

// judge returns the exit status for an error, and what to remark about it.
func judge(err error) (status int, remark string) {
	var usage UsageError
	var setup SetupError
	var output OutputError
	var invalid smithy.InvalidParamsError
	var function *errors.FunctionError
	switch {
	case errors.As(err, &usage), errors.As(err, &invalid):
		return Usage, "run it with -h to see how it is used"
	case errors.As(err, &setup):
		return NotRun, ""
	case errors.As(err, &output):
		return MayHaveRun, "the function ran, and its result is lost"
	case errors.As(err, &function):
		return FunctionError, ""
	case errors.MayHaveExecuted(err):
		return MayHaveRun, "the function may have run all the same"
	default:
		return NotRun, "the function did not run"
	}
}

// describe words an error: a function's with its stack and causes.
func describe(err error) string {
	var function *errors.FunctionError
	if errors.As(err, &function) {
		return terminal.Printable(fmt.Sprintf("%+v", function))
	}
	return terminal.Printable(err.Error())
}
