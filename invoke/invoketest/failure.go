package invoketest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// failure is a function error: the service's word for it, and the payload.
type failure struct {
	kind    string
	payload []byte
}

// failureBody is the payload, with the members in the order in which runtimes
// write them.
type failureBody struct {
	Message string       `json:"errorMessage"`
	Type    string       `json:"errorType,omitempty"`
	Stack   any          `json:"stackTrace,omitempty"`
	Cause   *failureBody `json:"cause,omitempty"`
}

func newFailure(body failureBody) *failure {
	payload, _ := json.Marshal(body) // strings and numbers always marshal
	return &failure{kind: "Unhandled", payload: payload}
}

// failed is the failure that a function's error stands for, nil for none.
func failed(err error) *failure {
	if err == nil {
		return nil
	}
	var own *errors.FunctionError
	if !errors.As(err, &own) {
		return newFailure(failureBody{Message: err.Error(), Type: typeName(err)})
	}
	f := newFailure(*describe(own))
	if own.Payload != nil {
		f.payload = own.Payload
	}
	if own.FunctionError != "" {
		f.kind = own.FunctionError
	}
	return f
}

func describe(e *errors.FunctionError) *failureBody {
	body := &failureBody{Message: e.ErrorMessage, Type: e.ErrorType}
	if e.StackTrace != nil {
		body.Stack = e.StackTrace
	}
	if e.Cause != nil {
		body.Cause = describe(e.Cause)
	}
	return body
}

// typeName is what Go's runtime library calls the type of an error, or of a
// value panicked with: its bare name. v is not nil, not even from panic(nil).
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// panicked is the failure that a panic stands for. It has to be called by the
// deferred function that recovered.
func panicked(value any) *failure {
	type frame struct {
		Path  string `json:"path"`
		Line  int    `json:"line"`
		Label string `json:"label"`
	}
	var stack []frame
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking, stack = true, nil // what is above it is not the function's
		case panicking && !strings.HasPrefix(f.Function, "runtime."):
			label := f.Function[strings.LastIndexByte(f.Function, '/')+1:]
			_, label, _ = strings.Cut(label, ".")
			stack = append(stack, frame{Path: f.File, Line: f.Line, Label: label})
		}
		if !more {
			break
		}
	}
	return newFailure(failureBody{Message: fmt.Sprint(value), Type: typeName(value), Stack: stack})
}

// exited is the failure of a function whose goroutine ended without a return or
// a panic.
func exited(requestID string) *failure {
	return newFailure(failureBody{
		Message: "RequestId: " + requestID + " Error: Runtime exited without providing a reason",
		Type:    "Runtime.ExitError",
	})
}

// tooLarge is the failure of a function whose result the service does not pass
// on.
func tooLarge() *failure {
	return newFailure(failureBody{
		Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse),
		Type:    "Function.ResponseSizeTooLarge",
	})
}
