package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Bounds on what is made of a function error, whose payload anybody's function may have written.
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
	if members, ok := readObject(payload); ok {
		describe(e, members, maxCauses)
		e.RequestID = printable.Text(members.text("requestId"), identifierLimit)
		if e.ErrorMessage == "" && e.ErrorType == "" && !json.Valid(payload) {
			e.ErrorMessage = preview(payload) // cut before anything could be read
		}
		return e
	}
	payload = bytes.TrimSpace(payload)
	if e.ErrorMessage = text(payload); e.ErrorMessage == "" && string(payload) != "null" && string(payload) != `""` {
		e.ErrorMessage = preview(payload)
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
	if cause, ok := readObject(members.get("cause")); ok && len(cause) > 0 {
		e.Cause = &errors.FunctionError{FunctionError: e.FunctionError}
		describe(e.Cause, cause, depth-1)
	}
}

// frames reads a stack in any of the shapes that runtimes give it; nil if value is none.
func frames(value json.RawMessage) []string {
	if s := text(value); s != "" {
		return strings.SplitN(s, "\n", maxFrames)
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	if start, err := dec.Token(); err != nil || start != json.Delim('[') {
		return nil
	}
	var stack []string
	for len(stack) < maxFrames && dec.More() {
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			break
		}
		if s := frame(raw); s != "" {
			stack = append(stack, s)
		}
	}
	return stack
}

// frame reads one frame: a string, or the object that Go's runtime library writes, or else whatever it is, as it is.
func frame(value json.RawMessage) string {
	if s := text(value); s != "" || isEmpty(value) {
		return s
	}
	var f struct {
		Path, Label string
		Line        int
	}
	if json.Unmarshal(value, &f) != nil || f.Path == "" && f.Label == "" {
		return printable.Text(string(value), messageLimit)
	}
	if f.Label == "" {
		return f.Path + ":" + strconv.Itoa(f.Line)
	}
	return f.Label + " (" + f.Path + ":" + strconv.Itoa(f.Line) + ")"
}

// isEmpty reports whether value says nothing.
func isEmpty(value json.RawMessage) bool {
	return len(value) == 0 || string(value) == "null" || string(value) == `""`
}

// preview is what a person gets to see of a payload that is not an error object.
func preview(payload []byte) string {
	return printable.Text(string(payload[:min(len(payload), bodyLimit)]), foreignLimit)
}
