package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

func TestFunctionErrorInTheShapeOfEveryRuntime(t *testing.T) {
	type failure = errors.FunctionError
	for name, c := range map[string]struct {
		payload string
		want    failure
	}{
		"Node.js": {
			`{"errorType":"TypeError","errorMessage":"x is not a function","trace":["TypeError: x is not a function","    at handler (/var/task/i.js:3:5)"]}`,
			failure{ErrorType: "TypeError", ErrorMessage: "x is not a function",
				StackTrace: []string{"TypeError: x is not a function", "    at handler (/var/task/i.js:3:5)"}},
		},
		"Python": {
			`{"errorMessage": "'id'", "errorType": "KeyError", "requestId": "1b2c", "stackTrace": ["  File \"/var/task/app.py\", line 3, in handler\n    e['id']\n"]}`,
			failure{ErrorType: "KeyError", ErrorMessage: "'id'", RequestID: "1b2c",
				StackTrace: []string{"  File \"/var/task/app.py\", line 3, in handler\n    e['id']\n"}},
		},
		"Python that did not start": {
			`{"errorMessage": "Unable to import module 'app'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}`,
			failure{ErrorType: "Runtime.ImportModuleError", ErrorMessage: "Unable to import module 'app'"},
		},
		"Python of former times": {
			`{"errorMessage":"no","errorType":"E","stackTrace":[["/var/task/app.py",3,"handler","raise E()"]]}`,
			failure{ErrorType: "E", ErrorMessage: "no", StackTrace: []string{`["/var/task/app.py",3,"handler","raise E()"]`}},
		},
		"Ruby": {
			`{"errorMessage":"no","errorType":"Function<RuntimeError>","stackTrace":["/var/task/f.rb:2:in 'handler'"]}`,
			failure{ErrorType: "Function<RuntimeError>", ErrorMessage: "no", StackTrace: []string{"/var/task/f.rb:2:in 'handler'"}},
		},
		"Java": {
			`{"errorMessage":"outer","errorType":"java.lang.RuntimeException","stackTrace":["a.B.c(B.java:9)"],
			  "cause":{"errorMessage":"inner","errorType":"java.io.IOException","stackTrace":["d.E.f(E.java:7)"],
			           "cause":{"errorMessage":"root","errorType":"java.lang.Error","stackTrace":[],"cause":null}}}`,
			failure{ErrorType: "java.lang.RuntimeException", ErrorMessage: "outer", StackTrace: []string{"a.B.c(B.java:9)"},
				Cause: &failure{FunctionError: "Unhandled", ErrorType: "java.io.IOException", ErrorMessage: "inner", StackTrace: []string{"d.E.f(E.java:7)"},
					Cause: &failure{FunctionError: "Unhandled", ErrorType: "java.lang.Error", ErrorMessage: "root"}}},
		},
		".NET": {
			`{"errorType":"ArgumentException","errorMessage":"no","stackTrace":["at F.Handle()"],"cause":{"errorType":"Exception","errorMessage":"why"}}`,
			failure{ErrorType: "ArgumentException", ErrorMessage: "no", StackTrace: []string{"at F.Handle()"},
				Cause: &failure{FunctionError: "Unhandled", ErrorType: "Exception", ErrorMessage: "why"}},
		},
		"Go": {
			`{"errorMessage":"no such order","errorType":"errorString"}`,
			failure{ErrorType: "errorString", ErrorMessage: "no such order"},
		},
		"Go that panicked": {
			`{"errorMessage":"boom","errorType":"string","stackTrace":[{"path":"main.go","line":12,"label":"handler"},{"path":"x.go","line":1,"label":""},{"path":"","line":0,"label":"f"},{}]}`,
			failure{ErrorType: "string", ErrorMessage: "boom", StackTrace: []string{"handler (main.go:12)", "x.go:1", "f (:0)", "{}"}},
		},
		"timed out": {
			`{"errorMessage":"2024-03-01T10:11:12.345Z 1b2c Task timed out after 10.00 seconds"}`,
			failure{ErrorMessage: "2024-03-01T10:11:12.345Z 1b2c Task timed out after 10.00 seconds"},
		},
		"a stack in one string": {
			`{"errorMessage":"m","stackTrace":"one\ntwo"}`,
			failure{ErrorMessage: "m", StackTrace: []string{"one", "two"}},
		},
		"a stack of odd things": {
			`{"errorMessage":"m","stackTrace":["a",null,"",1,true,{"line":"x"}]}`,
			failure{ErrorMessage: "m", StackTrace: []string{"a", "1", "true", `{"line":"x"}`}},
		},
		"frames of Go's with odd members": {
			`{"errorMessage":"m","stackTrace":[{"path":1,"label":"f","line":1},{"path":"x.go","label":[]},{"path":"x.go","line":1.5},{"Path":"x.go","label":null,"line":null}]}`,
			failure{ErrorMessage: "m", StackTrace: []string{
				`{"path":1,"label":"f","line":1}`, `{"path":"x.go","label":[]}`, `{"path":"x.go","line":1.5}`, "x.go:0"}},
		},
		"an empty stackTrace beside a trace": {
			`{"errorMessage":"m","stackTrace":[],"trace":["a"]}`,
			failure{ErrorMessage: "m", StackTrace: []string{"a"}},
		},
		"a message that is an object": {`{"errorMessage":{"a": [1]}}`, failure{ErrorMessage: `{"a": [1]}`}},
		"members that are null":       {`{"errorMessage":null,"errorType":null,"stackTrace":null,"cause":null,"requestId":null}`, failure{}},
		"members of other types":      {`{"errorMessage":"m","errorType":7,"stackTrace":7,"cause":[{}],"requestId":{}}`, failure{ErrorMessage: "m"}},
		"a cause that says nothing":   {`{"errorMessage":"m","cause":{}}`, failure{ErrorMessage: "m"}},
		"an object of other things":   {`{"status":"secret"}`, failure{}},
		"an empty object":             {`{}`, failure{}},
		"cut in the stack":            {`{"errorMessage":"m","errorType":"E","stackTrace":["a","b`, failure{ErrorType: "E", ErrorMessage: "m"}},
		"cut in the message":          {`{"errorMessage":"on`, failure{ErrorMessage: `{"errorMessage":"on`}},
		"a string":                    {`"boom\n"`, failure{ErrorMessage: "boom\n"}},
		"an empty string":             {` "" `, failure{}},
		"a number":                    {`3`, failure{ErrorMessage: "3"}},
		"null":                        {"null\n", failure{}},
		"an array":                    {`["a", 1]`, failure{ErrorMessage: `["a", 1]`}},
		"text":                        {"Segmentation\nfault\x00", failure{ErrorMessage: "Segmentation fault"}},
		"long text":                   {strings.Repeat("x", 6<<20), failure{ErrorMessage: strings.Repeat("x", 256) + "…"}},
		"empty":                       {"", failure{}},
		"depth without end":           {strings.Repeat(`[`, 1<<20), failure{ErrorMessage: strings.Repeat("[", 256) + "…"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.FunctionError, c.want.Payload = "Unhandled", []byte(c.payload)
			require.Equal(t, &c.want, wire.FunctionError("Unhandled", []byte(c.payload)))
		})
	}
}

func TestFunctionErrorKeepsThePayloadItWasGiven(t *testing.T) {
	payload := []byte(`{"errorMessage":"m"}`)
	require.Same(t, &payload[0], &wire.FunctionError("Handled", payload).Payload[0])
	require.Equal(t, "Handled", wire.FunctionError("Handled", nil).FunctionError)
}

func TestFunctionErrorKeepsLongMessagesWhole(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	require.Equal(t, long, wire.FunctionError("Unhandled", fmt.Appendf(nil, `{"errorMessage":%q}`, long)).ErrorMessage)
}

func TestFunctionErrorBoundsStackAndCauses(t *testing.T) {
	frames := `"f"` + strings.Repeat(`,"f"`, 5000)
	causes := strings.Repeat(`{"errorMessage":"m","cause":`, 5000) + "{}" + strings.Repeat("}", 5000)

	e := wire.FunctionError("Unhandled", []byte(`{"errorMessage":"m","stackTrace":[`+frames+`],"cause":`+causes+`}`))
	require.Len(t, e.StackTrace, 1024)
	depth := 0
	for cause := e.Cause; cause != nil; cause = cause.Cause {
		depth++
	}
	require.Equal(t, 10, depth)

	e = wire.FunctionError("Unhandled", []byte(`{"stackTrace":"`+strings.Repeat(`f\n`, 5000)+`"}`))
	require.Len(t, e.StackTrace, 1024)
}

func FuzzFunctionError(f *testing.F) {
	for _, payload := range []string{
		`{"errorMessage":"boom","errorType":"string","stackTrace":[{"path":"main.go","line":12,"label":"handler"},"s",["old",1]],"requestId":"1b"}`,
		`{"errorMessage":"outer","cause":{"errorMessage":"inner","cause":null},"trace":["a"]}`,
		`{"errorMessage":"2024-03-01T10:11:12.345Z 1b2c Task timed out after 10.00 seconds"}`,
		`"boom"`, `3`, `null`, ``, "\xff\x00", `{"errorMessage":"on`,
	} {
		f.Add([]byte(payload))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		e := wire.FunctionError("Unhandled", payload)
		require.Equal(t, payload, e.Payload)
		require.LessOrEqual(t, len(e.StackTrace), 1024)
		require.True(t, utf8.ValidString(e.ErrorMessage))
		require.NotContains(t, e.Error(), "\n")
		require.Contains(t, fmt.Sprintf("%+v", e), e.Error())
	})
}
