package invoketest

import (
	"context"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// Timeout lets the function run and then reports it as the platform does when a
// function exceeds its configured timeout. It does not wait for that time:
// compose it with [DelayReply] for a caller that shall.
func Timeout() Fault {
	return ended("Sandbox.Timedout", "Task timed out after 3.00 seconds")
}

// OutOfMemory lets the function run and then reports it as the platform does
// when a function uses more memory than it is configured with.
func OutOfMemory() Fault {
	return ended("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
}

// Crash lets the function run and then reports it as the platform does when the
// process of its runtime exits.
func Crash() Fault {
	return ended("Runtime.ExitError", "Runtime exited with error: exit status 1")
}

// platformEnd is the error that the platform reports for a function it ended.
type platformEnd func(requestID string) error

func ended(kind, message string) Fault {
	return faultFunc(func(p *plan) {
		p.end = func(requestID string) error {
			return &errors.FunctionError{ErrorType: kind, ErrorMessage: "RequestId: " + requestID + " Error: " + message}
		}
	})
}

// after makes a function that does what fn does and then ends so.
func (end platformEnd) after(fn streamFunction) streamFunction {
	return func(ctx context.Context, payload []byte, w io.Writer) error {
		_ = fn(ctx, payload, w)
		invocation, _ := FromContext(ctx)
		return end(invocation.RequestID)
	}
}
