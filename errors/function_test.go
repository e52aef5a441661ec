package errors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestFunctionErrorIsOneLine(t *testing.T) {
	for want, e := range map[string]*errors.FunctionError{
		"function failed: no reason given":                       {},
		"function failed: Unhandled":                             {FunctionError: "Unhandled"},
		"function f failed: boom":                                {FunctionName: "f", FunctionError: "Unhandled", ErrorMessage: "boom"},
		"function f failed: KeyError":                            {FunctionName: "f", ErrorType: "KeyError"},
		"function f:live failed: KeyError: 'id' (request ID 1b)": {FunctionName: "f:live", ErrorType: "KeyError", ErrorMessage: "'id'", RequestID: "1b"},
		"function failed: E: one two [31mthree":                  {ErrorType: "E", ErrorMessage: "one\n\ttwo\x1b[31mthree\r\n"},
		"function failed: " + strings.Repeat("x", 1024) + "…":    {ErrorMessage: strings.Repeat("x", 1<<20)},
		"function failed: Unhandled (request ID 1b)":             {FunctionError: "Unhandled", RequestID: "1b", Payload: []byte("secret")},
	} {
		require.EqualError(t, e, want)
	}
}

func TestFunctionErrorFormats(t *testing.T) {
	e := &errors.FunctionError{
		FunctionName: "f", ErrorType: "java.lang.IllegalStateException", ErrorMessage: "no", RequestID: "1b",
		StackTrace: []string{"a.B.c(B.java:1)", "  File \"/var/task/x.py\", line 3, in handler\n    raise E(\"x\")\n", ""},
		Payload:    []byte("secret"),
		Cause: &errors.FunctionError{ErrorType: "java.io.IOException", ErrorMessage: "disk", StackTrace: []string{"d.E.f(E.java:2)"},
			Cause: &errors.FunctionError{ErrorMessage: "root\ncause"}},
	}
	const line = "function f failed: java.lang.IllegalStateException: no (request ID 1b)"
	require.Equal(t, line, fmt.Sprintf("%v", e))
	require.Equal(t, line, fmt.Sprintf("%s", e))
	require.Equal(t, `"`+line+`"`, fmt.Sprintf("%q", e))
	require.Equal(t, `"`+line+`"`, fmt.Sprintf("%#v", e))
	require.Equal(t, "function f", fmt.Sprintf("%.10s", e))
	require.Equal(t, "%!d(string="+line+")", fmt.Sprintf("%d", e))
	require.Equal(t, strings.Join([]string{
		line,
		"\ta.B.c(B.java:1)",
		"\tFile \"/var/task/x.py\", line 3, in handler",
		"\traise E(\"x\")",
		"caused by: java.io.IOException: disk",
		"\td.E.f(E.java:2)",
		"caused by: root cause",
	}, "\n"), fmt.Sprintf("%+v", e))
}

func TestFunctionErrorUnwrapsToItsCause(t *testing.T) {
	cause := &errors.FunctionError{ErrorType: "cause"}
	e := &errors.FunctionError{ErrorType: "outer", Cause: cause}
	require.Same(t, cause, errors.Unwrap(e))
	require.ErrorIs(t, e, cause)
	require.True(t, errors.Unwrap(cause) == nil, "not a nil pointer in an interface")

	var found *errors.FunctionError
	require.True(t, errors.As(fmt.Errorf("pay: %w", e), &found))
	require.Same(t, e, found)
}

func TestFunctionErrorsOfThePlatformAreToldApart(t *testing.T) {
	const timeout, memory, crash, large = "timeout", "memory", "crash", "large"
	for _, c := range []struct{ kind, message, want string }{
		{"Sandbox.Timedout", "RequestId: 1b Error: Task timed out after 3.00 seconds", timeout},
		{"Sandbox.Timedout", "", timeout},
		{"Sandbox.Timeout", "", timeout},
		{"", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after 10.00 seconds", timeout},
		{"", "2024-03-01T10:11:12Z 1b2c-3d Task timed out after 900 seconds", timeout},
		{"", "RequestId: 1b2c-3d Error: Task timed out after 3.00 seconds", timeout},
		{"Error", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after 10.00 seconds", ""},
		{"", "Task timed out after 10.00 seconds", ""},
		{"", "upstream said: Task timed out after 10.00 seconds", ""},
		{"", "yesterday 1b2c-3d Task timed out after 10.00 seconds", ""},
		{"", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after N seconds", ""},
		{"", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after NaN seconds", ""},
		{"", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after -1 seconds", ""},
		{"", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after 10.00 seconds or so", ""},
		{"", "", ""},
		{"Runtime.OutOfMemory", "RequestId: 1b Error: Runtime exited with error: signal: killed", memory},
		{"Runtime.ExitError", "RequestId: 1b Error: Runtime exited with error: exit status 1", crash},
		{"Runtime.InvalidEntrypoint", "", crash},
		{"Extension.Crash", "", crash},
		{"Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (6291556 bytes).", large},
		{"Runtime.UnhandledPromiseRejection", "the handler's own", ""},
		{"Runtime.ImportModuleError", "", ""},
		{"TimeoutError", "Task timed out after 3.00 seconds", ""},
		{"MemoryError", "", ""},
	} {
		e := &errors.FunctionError{ErrorType: c.kind, ErrorMessage: c.message}
		require.Equal(t, c.want == timeout, e.IsTimeout(), c)
		require.Equal(t, c.want == memory, e.IsOutOfMemory(), c)
		require.Equal(t, c.want == crash, e.IsRuntimeCrash(), c)
		require.Equal(t, c.want == large, e.IsResponseTooLarge(), c)
	}
}

func FuzzFunctionErrorPrintsOneLine(f *testing.F) {
	f.Add("Error", "2024-03-01T10:11:12.345Z 1b2c-3d Task timed out after 10.00 seconds", "frame\nline")
	f.Fuzz(func(t *testing.T, kind, message, frame string) {
		e := &errors.FunctionError{ErrorType: kind, ErrorMessage: message, StackTrace: []string{frame}}
		require.NotContains(t, e.Error(), "\n")
		require.True(t, strings.HasPrefix(fmt.Sprintf("%+v", e), e.Error()))
		if kind != "" && e.IsTimeout() {
			require.Contains(t, []string{"Sandbox.Timedout", "Sandbox.Timeout"}, kind)
		}
	})
}
