package wire

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Bounds on what is read of a function error. A function may write any payload.
const (
	maxFrames = 1024 // what a Java stack overflow has
	maxCauses = 10
)

// FunctionError reads the payload of a function that failed, in the shape of whichever runtime wrote it. kind is what the service calls
// the failure ("Unhandled"). It is never nil: what the payload does not say stays empty. Payload is kept, not copied.
//
// RequestID is set where the payload names one; a caller that knows it from the response's header puts that in its place.
func FunctionError(kind string, payload []byte) *errors.FunctionError {
	e := &errors.FunctionError{FunctionError: kind, Payload: payload}
	if jsonvalue.IsObject(payload) {
		var room [usualMembers]member
		members := readObject(room[:0], payload)
		describe(e, members, maxCauses)
		e.RequestID = printable.Text(members.text("requestId"), identifierLimit)
		if e.ErrorMessage == "" && e.ErrorType == "" {
			if _, whole := jsonvalue.Parse(payload); !whole {
				e.ErrorMessage = preview(payload) // cut before anything could be read
			}
		}
		return e
	}
	value := jsonvalue.Value(bytes.TrimSpace(payload))
	if e.ErrorMessage, _ = value.Text(); e.ErrorMessage == "" && !isEmpty(value) {
		e.ErrorMessage = preview(value)
	}
	return e
}

// describe fills in what an error object says, and its causes as deep as depth.
func describe(e *errors.FunctionError, members object, depth int) {
	e.ErrorType = members.text("errorType")
	e.ErrorMessage = members.text("errorMessage")
	if raw := members.get("errorMessage"); e.ErrorMessage == "" && !isEmpty(raw) {
		e.ErrorMessage = printable.Text(string(raw), messageLimit) // a message that is itself an object
	}
	for _, name := range [...]string{"stackTrace", "trace"} { // Node.js says trace
		if e.StackTrace = frames(members.get(name)); e.StackTrace != nil {
			break
		}
	}
	if depth == 0 {
		return
	}
	var room [usualMembers]member
	if cause := readObject(room[:0], members.get("cause")); len(cause) > 0 {
		e.Cause = &errors.FunctionError{FunctionError: e.FunctionError}
		describe(e.Cause, cause, depth-1)
	}
}

// frames reads a stack in any of the shapes that runtimes give it; nil if value is none.
func frames(value jsonvalue.Value) []string {
	if s, _ := value.Text(); s != "" {
		return strings.SplitN(s, "\n", maxFrames)
	}
	var stack []string
	for element := range jsonvalue.Elements(value) {
		if len(stack) == maxFrames {
			break
		}
		if s := frame(element); s != "" {
			stack = append(stack, s)
		}
	}
	return stack
}

// frame reads one frame: a string, or the object that Go's runtime library writes, or else whatever it is, as it is.
func frame(value jsonvalue.Value) string {
	if s, _ := value.Text(); s != "" || isEmpty(value) {
		return s
	}
	var room [4]member
	f := readObject(room[:0], value)
	path, isPath := textOrNone(f.get("path"))
	label, isLabel := textOrNone(f.get("label"))
	line, isLine := intOrNone(f.get("line"))
	switch {
	case !isPath || !isLabel || !isLine || path == "" && label == "":
		return printable.Text(string(value), messageLimit)
	case label == "":
		return path + ":" + strconv.Itoa(line)
	default:
		return label + " (" + path + ":" + strconv.Itoa(line) + ")"
	}
}

// textOrNone returns the string that value is; ok is false if it says something else.
func textOrNone(value jsonvalue.Value) (s string, ok bool) {
	s, ok = value.Text()
	return s, ok || isNone(value)
}

// intOrNone returns the integer that value is; ok is false if it says something else.
func intOrNone(value jsonvalue.Value) (n int, ok bool) {
	n, err := strconv.Atoi(string(value))
	return n, err == nil || isNone(value)
}

// isNone reports whether value is missing, which null says too.
func isNone(value jsonvalue.Value) bool { return len(value) == 0 || string(value) == "null" }

// isEmpty reports whether value says nothing.
func isEmpty(value jsonvalue.Value) bool { return isNone(value) || string(value) == `""` }

// preview is what a person gets to see of a payload that is not an error object.
func preview(payload []byte) string {
	return printable.Text(string(payload[:min(len(payload), bodyLimit)]), previewLimit)
}
