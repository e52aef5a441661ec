package main

import (
	"fmt"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// The exit statuses. They answer the question of a script: may I call again?
const (
	exitOK            = 0 // the function succeeded, or the event was accepted
	exitFunctionError = 1 // the function ran and reported an error
	exitUsage         = 2 // the command line or the payload is wrong; nothing was sent
	exitNotRun        = 3 // the call failed and the function did not run
	exitMayHaveRun    = 4 // the call failed and the function may have run
)

type (
	usageError  struct{ error } // before anything was sent, by the caller's fault
	setupError  struct{ error } // before anything was sent, by the configuration's
	outputError struct{ error } // the result could not be written
)

func (e usageError) Unwrap() error  { return e.error }
func (e setupError) Unwrap() error  { return e.error }
func (e outputError) Unwrap() error { return e.error }

// judge returns the exit status for an error, and what to remark about it.
func judge(err error) (status int, remark string) {
	var usage usageError
	var setup setupError
	var output outputError
	var invalid smithy.InvalidParamsError
	var function *errors.FunctionError
	switch {
	case errors.As(err, &usage), errors.As(err, &invalid):
		return exitUsage, "run it with -h to see how it is used"
	case errors.As(err, &setup):
		return exitNotRun, ""
	case errors.As(err, &output):
		return exitMayHaveRun, "the function ran, and its result is lost"
	case errors.As(err, &function):
		return exitFunctionError, ""
	case errors.MayHaveExecuted(err):
		return exitMayHaveRun, "the function may have run all the same"
	default:
		return exitNotRun, "the function did not run"
	}
}

// describe words an error: a function's with its stack and causes.
func describe(err error) string {
	var function *errors.FunctionError
	if errors.As(err, &function) {
		return printable(fmt.Sprintf("%+v", function))
	}
	return printable(err.Error())
}
