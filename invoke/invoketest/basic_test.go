package invoketest_test

import (
	"context"
	stderrors "errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func newClient(t *testing.T, s *invoketest.Server, optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	client, err := invoke.New(s.Options(), optFns...)
	require.NoError(t, err)
	return client
}

// once makes a client's calls single attempts, so that faults show as they are.
func once(o *invoke.Options) { o.Retry.MaxAttempts = 1 }

func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

func call(t *testing.T, c *invoke.Client, in invoke.InvokeInput) (*invoke.InvokeOutput, error) {
	t.Helper()
	return c.Invoke(t.Context(), &in)
}

func TestAFunctionAnswersOverHTTPAndHTTPS(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS, c.SessionToken = secure, true })
		s.Handle("echo", echo)
		out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "echo", Payload: []byte(`{"a":1}`)})
		require.NoError(t, err)
		require.Equal(t, 200, out.StatusCode)
		require.Equal(t, `{"a":1}`, string(out.Payload))
		require.Equal(t, "$LATEST", out.ExecutedVersion)
		require.NotEmpty(t, out.RequestID)
		require.Equal(t, secure, strings.HasPrefix(s.URL(), "https:"))
	}
}

func TestEveryWayToNameAFunctionReachesIt(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	c := newClient(t, s)
	for _, tt := range []struct{ name, qualifier, version string }{
		{"f", "", "$LATEST"},
		{"f", "7", "7"},
		{"f:live", "", "live"},
		{"f:$LATEST", "", "$LATEST"},
		{"f:live", "live", "live"},
		{"123456789012:function:f", "", "$LATEST"},
		{"123456789012:function:f:live", "", "live"},
		{"function:f", "", "$LATEST"},
		{"arn:aws:lambda:us-east-1:123456789012:function:f", "", "$LATEST"},
		{"arn:aws:lambda:us-east-1:123456789012:function:f:live", "", "live"},
		{"arn:aws-cn:lambda:cn-north-1:123456789012:function:f", "2", "2"},
	} {
		out, err := call(t, c, invoke.InvokeInput{FunctionName: tt.name, Qualifier: tt.qualifier})
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.version, out.ExecutedVersion, tt.name)
		require.Equal(t, "{}", string(out.Payload), "what a function gets when there is no payload")
	}
	require.Equal(t, 11, s.Runs("f"))

	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f:live", Qualifier: "test"})
	var invalid *errors.InvalidParameterValueException
	require.ErrorAs(t, err, &invalid)
}

func TestAnUnknownFunctionIsNotFoundInTheServicesWords(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Region = "eu-central-1" })
	_, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "nobody", Qualifier: "v1"})
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	require.Equal(t, 404, missing.StatusCode)
	require.Equal(t, "User", missing.Type)
	require.Equal(t, "Function not found: arn:aws:lambda:eu-central-1:123456789012:function:nobody:v1", missing.Message)
}

type customError struct{}

func (customError) Error() string { return "custom" }

func TestAFunctionsFailureIsAFunctionError(t *testing.T) {
	s := invoketest.NewServer(t)
	for _, tt := range []struct {
		name, kind, payload string
		fn                  func() error
	}{
		{"plain", "Unhandled", `{"errorMessage":"no","errorType":"errorString"}`, func() error { return stderrors.New("no") }},
		{"own type", "Unhandled", `{"errorMessage":"custom","errorType":"customError"}`, func() error { return customError{} }},
		{"pointer", "Unhandled", `{"errorMessage":"custom","errorType":"customError"}`, func() error { return &customError{} }},
		{"as it is", "Handled", `[1,2]`, func() error {
			return &errors.FunctionError{FunctionError: "Handled", Payload: []byte(`[1,2]`)}
		}},
		{"from members", "Unhandled", `{"errorMessage":"m","errorType":"T","stackTrace":["a"],"cause":{"errorMessage":"c"}}`, func() error {
			return &errors.FunctionError{ErrorType: "T", ErrorMessage: "m", StackTrace: []string{"a"}, Cause: &errors.FunctionError{ErrorMessage: "c"}}
		}},
	} {
		s.Handle("f", func(context.Context, []byte) ([]byte, error) { return nil, tt.fn() })
		out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err, tt.name)
		require.Equal(t, 200, out.StatusCode, tt.name)
		require.Equal(t, tt.kind, out.FunctionError, tt.name)
		require.Equal(t, tt.payload, string(out.Payload), tt.name)
	}
}

func blowUp(in []int) int { return in[3] }

func TestAPanicHasTheStackOfGosRuntime(t *testing.T) {
	s := invoketest.NewServer(t)
	invoketest.HandleFunc(s, "f", func(_ context.Context, in []int) (int, error) { return blowUp(in), nil })
	out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f", Payload: []byte("[1]")})
	require.NoError(t, err)
	var failure *errors.FunctionError
	require.ErrorAs(t, out.Err(), &failure)
	require.Equal(t, "boundsError", failure.ErrorType)
	require.Contains(t, failure.ErrorMessage, "index out of range")
	require.Contains(t, failure.StackTrace[0], "blowUp (")
	require.Contains(t, failure.StackTrace[0], "basic_test.go:")
	require.Equal(t, 1, s.Runs("f"))
}
