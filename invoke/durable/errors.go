package durable

import (
	stderrors "errors"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Ends of an execution that are neither a success nor a failure of its function.
// errors.Is finds them in what [Execution.Wait] and [Func.Call] return.
var (
	// ErrTimedOut says that the execution took longer than its function's
	// configuration allows.
	ErrTimedOut = stderrors.New("the execution timed out")
	// ErrStopped says that somebody stopped the execution, as [Execution.Stop] does.
	ErrStopped = stderrors.New("the execution was stopped")
)

// ExecutionError is the error of an execution that was started: it ended without
// a success, or asking for it or stopping it failed. Where asking failed, the
// execution goes on all the same; [Func.Execution] of its ARN comes back to it.
type ExecutionError struct {
	// ARN identifies the execution.
	ARN string

	// Reason is what the service tells of an execution that timed out or was
	// stopped. It is nil where it tells nothing, and with every other error.
	Reason *errors.FunctionError

	// Err is [*errors.FunctionError] for an execution that failed, [ErrTimedOut],
	// [ErrStopped], [*errors.DecodeError] for a result that is no Out, or an
	// error of a request as [invoke.Client.Invoke] has them.
	Err error
}

// Error names the execution and says what became of it.
func (e *ExecutionError) Error() string {
	text := "durable execution"
	if e.ARN != "" {
		text += " " + printable.Text(e.ARN, maxARN)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.Reason != nil {
		text += ": " + printable.Text(reasonText(e.Reason), maxReasonText)
	}
	if e.Err == nil && e.Reason == nil {
		text += ": no reason given"
	}
	return text
}

// Unwrap returns Err.
func (e *ExecutionError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: the execution was started, whatever is known of it now.
func (e *ExecutionError) MayHaveExecuted() bool { return true }

// maxReasonText bounds, in bytes, how much of a reason Error prints.
const maxReasonText = 1024

func reasonText(reason *errors.FunctionError) string {
	if reason.ErrorType == "" || reason.ErrorMessage == "" {
		return reason.ErrorType + reason.ErrorMessage
	}
	return reason.ErrorType + ": " + reason.ErrorMessage
}

func operationError(operation string, err error) error {
	return &smithy.OperationError{ServiceID: "Lambda", OperationName: operation, Err: err}
}

func invalidParams(operation string, reasons []smithy.InvalidParamError) error {
	invalid := smithy.InvalidParamsError{Context: operation + "Input"}
	for _, reason := range reasons {
		invalid.Add(reason)
	}
	return operationError(operation, invalid)
}
