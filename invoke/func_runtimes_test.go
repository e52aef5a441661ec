package invoke_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// What the runtimes and the platform report of a failed function, as they
// write it.
func TestFunctionErrorsOfEveryRuntimeAreUnderstood(t *testing.T) {
	type failureKind struct{ timeout, memory, crash, large bool }
	for name, tc := range map[string]struct {
		payload     string
		kind        string // "Unhandled" if empty
		want        string // of Error, after the function's name
		stack       []string
		cause       string
		failureKind failureKind
	}{
		"Node.js": {
			payload: `{"errorType":"TypeError","errorMessage":"Cannot read properties of undefined (reading 'id')","trace":["TypeError: Cannot read properties of undefined (reading 'id')","    at Runtime.handler (file:///var/task/index.mjs:3:20)","    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)"]}`,
			want:    "TypeError: Cannot read properties of undefined (reading 'id')",
			stack:   []string{"TypeError: Cannot read properties of undefined (reading 'id')", "    at Runtime.handler (file:///var/task/index.mjs:3:20)", "    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)"},
		},
		"Node.js, import failed": {
			payload: `{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs","trace":["Runtime.ImportModuleError: Error: Cannot find module 'index'"]}`,
			want:    "Runtime.ImportModuleError: Error: Cannot find module 'index' Require stack: - /var/runtime/index.mjs",
			stack:   []string{"Runtime.ImportModuleError: Error: Cannot find module 'index'"},
		},
		"Python": {
			payload: `{"errorMessage": "division by zero", "errorType": "ZeroDivisionError", "requestId": "11111111-2222-4333-8444-555555555555", "stackTrace": ["  File \"/var/task/lambda_function.py\", line 4, in lambda_handler\n    return 1 / 0\n"]}`,
			want:    "ZeroDivisionError: division by zero",
			stack:   []string{"  File \"/var/task/lambda_function.py\", line 4, in lambda_handler\n    return 1 / 0\n"},
		},
		"Python, init failed": {
			payload: `{"errorMessage": "Unable to import module 'lambda_function': No module named 'requests'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}`,
			want:    "Runtime.ImportModuleError: Unable to import module 'lambda_function': No module named 'requests'",
		},
		"Java": {
			payload: `{"errorMessage":"order 17 failed","errorType":"java.lang.RuntimeException","stackTrace":["example.Handler.handleRequest(Handler.java:21)"],"cause":{"errorMessage":"pool is empty","errorType":"java.sql.SQLException","stackTrace":["example.Db.get(Db.java:9)"]}}`,
			want:    "java.lang.RuntimeException: order 17 failed",
			stack:   []string{"example.Handler.handleRequest(Handler.java:21)"},
			cause:   "java.sql.SQLException",
		},
		"Ruby": {
			payload: `{"errorMessage":"undefined method 'upcase' for nil","errorType":"Function<NoMethodError>","stackTrace":["/var/task/lambda_function.rb:4:in 'lambda_handler'"]}`,
			want:    "Function<NoMethodError>: undefined method 'upcase' for nil",
			stack:   []string{"/var/task/lambda_function.rb:4:in 'lambda_handler'"},
		},
		".NET": {
			payload: `{"errorType":"InvalidOperationException","errorMessage":"Sequence contains no elements","stackTrace":["at System.Linq.ThrowHelper.ThrowNoElementsException()","at Shop.Function.FunctionHandler(Order order, ILambdaContext context) in /src/Function.cs:line 18"],"cause":{"errorType":"ArgumentNullException","errorMessage":"Value cannot be null."}}`,
			want:    "InvalidOperationException: Sequence contains no elements",
			stack:   []string{"at System.Linq.ThrowHelper.ThrowNoElementsException()", "at Shop.Function.FunctionHandler(Order order, ILambdaContext context) in /src/Function.cs:line 18"},
			cause:   "ArgumentNullException",
		},
		"Go, an error": {
			payload: `{"errorMessage":"no such order","errorType":"errorString"}`,
			want:    "errorString: no such order",
		},
		"Go, a panic": {
			payload: `{"errorMessage":"index out of range [3] with length 3","errorType":"boundsError","stackTrace":[{"path":"shop/main.go","line":14,"label":"handle"},{"path":"runtime/asm_amd64.s","line":1700,"label":"goexit"}]}`,
			want:    "boundsError: index out of range [3] with length 3",
			stack:   []string{"handle (shop/main.go:14)", "goexit (runtime/asm_amd64.s:1700)"},
		},
		"provided runtime, as it likes": {
			payload: `{"error":"E42","detail":{"hint":"none"}}`,
			kind:    "Handled",
			want:    "Handled",
		},
		"provided runtime, no JSON":    {payload: "segfault at 0\n", want: "segfault at 0"},
		"provided runtime, no payload": {payload: "", want: "Unhandled"},
		"provided runtime, a string":   {payload: `"it broke"`, want: "it broke"},
		"provided runtime, exited": {
			payload:     `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: exit status 1"}`,
			want:        "Runtime.ExitError: RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: exit status 1",
			failureKind: failureKind{crash: true},
		},
		"crash by signal": {
			payload:     `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: signal: segmentation fault"}`,
			want:        "Runtime.ExitError: RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: signal: segmentation fault",
			failureKind: failureKind{crash: true},
		},
		"no bootstrap": {
			payload:     `{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: 11111111-2222-4333-8444-555555555555 Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}`,
			want:        "Runtime.InvalidEntrypoint: RequestId: 11111111-2222-4333-8444-555555555555 Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
			failureKind: failureKind{crash: true},
		},
		"timeout": {
			payload:     `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 11111111-2222-4333-8444-555555555555 Error: Task timed out after 3.00 seconds"}`,
			want:        "Sandbox.Timedout: RequestId: 11111111-2222-4333-8444-555555555555 Error: Task timed out after 3.00 seconds",
			failureKind: failureKind{timeout: true},
		},
		"timeout, as it used to be": {
			payload:     `{"errorMessage":"2026-01-02T03:04:05.678Z 11111111-2222-4333-8444-555555555555 Task timed out after 10.00 seconds"}`,
			want:        "2026-01-02T03:04:05.678Z 11111111-2222-4333-8444-555555555555 Task timed out after 10.00 seconds",
			failureKind: failureKind{timeout: true},
		},
		"out of memory": {
			payload:     `{"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: signal: killed"}`,
			want:        "Runtime.OutOfMemory: RequestId: 11111111-2222-4333-8444-555555555555 Error: Runtime exited with error: signal: killed",
			failureKind: failureKind{memory: true},
		},
		"response too large": {
			payload:     `{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}`,
			want:        "Function.ResponseSizeTooLarge: Response payload size exceeded maximum allowed payload size (6291556 bytes).",
			failureKind: failureKind{large: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			kind := tc.kind
			if kind == "" {
				kind = "Unhandled"
			}
			opts := serve(t, reply(200, map[string]string{
				"x-amz-function-error":   kind,
				"X-Amz-Executed-Version": "7",
				"x-amzn-RequestId":       "11111111-2222-4333-8444-555555555555",
			}, tc.payload))
			_, err := invoke.NewFunc[struct{}, string](newClient(t, opts), "shop").Call(t.Context(), struct{}{})

			var failed *errors.FunctionError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, "function shop failed: "+tc.want+" (request ID 11111111-2222-4333-8444-555555555555)", err.Error())
			require.Equal(t, tc.stack, failed.StackTrace)
			require.Equal(t, tc.payload, string(failed.Payload))
			require.Equal(t, kind, failed.FunctionError)
			require.Equal(t, "7", failed.ExecutedVersion)
			require.Equal(t, tc.failureKind, failureKind{failed.IsTimeout(), failed.IsOutOfMemory(), failed.IsRuntimeCrash(), failed.IsResponseTooLarge()})
			require.True(t, errors.MayHaveExecuted(err))
			if tc.cause == "" {
				require.Nil(t, failed.Cause)
			} else {
				require.Equal(t, tc.cause, failed.Cause.ErrorType)
				require.Contains(t, fmt.Sprintf("%+v", err), "caused by: "+tc.cause)
			}
		})
	}
}
