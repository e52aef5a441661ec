package errors

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// FunctionError says that the function ran and failed: its handler returned or threw an error, or the platform ended it.
//
// What the function's runtime reported is in ErrorType, ErrorMessage, StackTrace and Cause; runtimes differ, so each may be empty.
// The methods change nothing, so one value may be read by many goroutines.
type FunctionError struct {
	// FunctionError is the service's word, "Unhandled" or, from former times, "Handled"; "Unhandled" for a function that failed in a
	// response stream. Tell failures apart by ErrorType instead.
	FunctionError string
	// ErrorType is the name of the handler's error in its own language, or the platform's, such as "Runtime.ExitError".
	ErrorType string
	// ErrorMessage is the error's text in full. Of a payload that is not JSON it is the beginning, made printable.
	ErrorMessage string
	// StackTrace has one element for each frame, the way the runtime writes it: at most 1,024.
	StackTrace []string
	// Cause is the error that the runtime says led to this one (Java, .NET), nil if none. Causes more than 10 deep are dropped.
	Cause *FunctionError
	// Payload is the reply's body as received; of a response stream, the details of the error at its end. A Cause has none of its own.
	Payload []byte
	// ExecutedVersion is the version that ran, RequestID the invocation's, FunctionName the name it was called by.
	ExecutedVersion, RequestID, FunctionName string
}

// messageLimit bounds, in bytes, how much of a message Error prints. The field keeps all of it.
const messageLimit = 1024

// Error gives function, error type, message and request ID in one line. Long messages are cut.
func (e *FunctionError) Error() string {
	var b strings.Builder
	b.WriteString("function ")
	if e.FunctionName != "" {
		b.WriteString(printable.Text(e.FunctionName, messageLimit) + " ")
	}
	b.WriteString("failed: " + e.summary())
	writeReplyDetails(&b, 0, e.RequestID)
	return b.String()
}

// summary is "Type: message", or as much of it as there is.
func (e *FunctionError) summary() string {
	kind, message := printable.Text(e.ErrorType, messageLimit), printable.Text(e.ErrorMessage, messageLimit)
	switch {
	case kind != "" && message != "":
		return kind + ": " + message
	case kind != "" || message != "":
		return kind + message
	case e.FunctionError != "":
		return printable.Text(e.FunctionError, messageLimit)
	default:
		return "no reason given"
	}
}

// Format prints Error for every verb, and for %+v also the stack and the causes with theirs, one frame a line.
// The payload is never printed.
func (e *FunctionError) Format(s fmt.State, verb rune) {
	if verb != 'v' || !s.Flag('+') {
		fmt.Fprintf(s, fmt.FormatString(s, verb), e.Error())
		return
	}
	var b strings.Builder
	b.WriteString(e.Error())
	e.writeStack(&b)
	for cause := e.Cause; cause != nil; cause = cause.Cause {
		b.WriteString("\ncaused by: " + cause.summary())
		cause.writeStack(&b)
	}
	_, _ = s.Write([]byte(b.String()))
}

// writeStack appends the frames. Some runtimes put several lines into one (Python adds the source line).
func (e *FunctionError) writeStack(b *strings.Builder) {
	for _, frame := range e.StackTrace {
		for line := range strings.Lines(frame) {
			if line = printable.Text(line, messageLimit); line != "" {
				b.WriteString("\n\t" + line)
			}
		}
	}
}

// Unwrap returns Cause, so that [As] and [Is] see the chain; nil if there is none.
func (e *FunctionError) Unwrap() error {
	if e.Cause == nil {
		return nil // not a nil *FunctionError inside an error
	}
	return e.Cause
}

// MayHaveExecuted is true: the function was started, whatever became of it.
func (e *FunctionError) MayHaveExecuted() bool { return true }

// IsTimeout reports whether the platform ended the function because its configured timeout had passed.
func (e *FunctionError) IsTimeout() bool {
	switch e.ErrorType {
	case "Sandbox.Timedout", "Sandbox.Timeout":
		return true
	case "":
		return isTimeoutMessage(e.ErrorMessage)
	default:
		return false // a handler's own error, whatever it says
	}
}

// isTimeoutMessage recognises the whole of the text with which the platform reports a timeout where it gives no error type:
// "<timestamp> <request ID> Task timed out after 3.00 seconds", or "RequestId: <request ID> Error: " before the same words.
func isTimeoutMessage(message string) bool {
	words := strings.Fields(message)
	if len(words) < 8 {
		return false
	}
	prefix, words := words[:len(words)-6], words[len(words)-6:]
	seconds := words[4]
	words[4] = "N"
	if strings.Join(words, " ") != "Task timed out after N seconds" {
		return false
	}
	if n, err := strconv.ParseFloat(seconds, 64); err != nil || !(n >= 0 && n <= maxTimeout.Seconds()) {
		return false
	}
	switch len(prefix) {
	case 2:
		_, err := time.Parse(time.RFC3339, prefix[0])
		return err == nil
	case 3:
		return prefix[0] == "RequestId:" && prefix[2] == "Error:"
	default:
		return false
	}
}

// maxTimeout is far above what can be configured (15 minutes, and a year for durable functions).
const maxTimeout = 400 * 24 * time.Hour

// IsOutOfMemory reports whether the platform ended the function because it used more memory than configured.
// Some runtimes are killed without that reason; then it is a crash, see IsRuntimeCrash.
func (e *FunctionError) IsOutOfMemory() bool { return e.ErrorType == "Runtime.OutOfMemory" }

// IsRuntimeCrash reports whether the process that runs the function, or one of its extensions, ended or could not be started:
// an exit, a signal, a missing entry point. An exception that the handler threw is no crash, and neither is running out of memory.
func (e *FunctionError) IsRuntimeCrash() bool {
	switch e.ErrorType {
	case "Runtime.ExitError", "Runtime.InvalidEntrypoint", "Runtime.InvalidWorkingDir", "Runtime.InvalidTaskConfig",
		"Extension.Crash", "Extension.ExitError", "Extension.InitError", "Extension.LaunchError":
		return true
	default:
		return false
	}
}

// IsResponseTooLarge reports whether the function's result exceeded what the service passes on (6 MB for a synchronous call).
func (e *FunctionError) IsResponseTooLarge() bool {
	return e.ErrorType == "Function.ResponseSizeTooLarge"
}
