package invoke_test

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

const requestID = "d5a5e1c0-0000-4000-8000-000000000000"

// form is one of the ways in which the service says which exception it is.
type form struct {
	name   string
	header map[string]string
	body   string
}

func formsOf(code string) []form {
	return []form{
		{"header", map[string]string{"X-Amzn-Errortype": code}, `{"Type":"User","Message":"the message"}`},
		{"header with a URI", map[string]string{"x-amzn-ErrorType": code + ":http://internal.amazon.com/coral/com.amazon.coral.validate/"}, `{"Type":"User","message":"the message"}`},
		{"header with a namespace", map[string]string{"X-AMZN-ERRORTYPE": "com.amazonaws.lambda#" + code}, `{"Type":"User","message":"the message"}`},
		{"code", nil, `{"code":"` + code + `","Type":"User","message":"the message"}`},
		{"__type", nil, `{"__type":"` + code + `","Type":"User","message":"the message"}`},
		{"__type with namespace and URI", nil, `{"__type":"aws.lambda#` + code + `:http://x/","Type":"User","Message":"the message"}`},
		{"header before code before __type", map[string]string{"X-Amzn-Errortype": code}, `{"__type":"B","code":"A","Type":"User","message":"the message"}`},
		{"code before __type", nil, `{"__type":"B","code":"` + code + `","Type":"User","message":"the message"}`},
		{"no Type", map[string]string{"X-Amzn-Errortype": code}, `{"message":"the message"}`},
		{"null Type", map[string]string{"X-Amzn-Errortype": code}, `{"Type":null,"message":"the message"}`},
	}
}

func TestEveryExceptionIsFoundInEveryFormOfTheWire(t *testing.T) {
	var answer http.HandlerFunc
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r) })
	opts.Retry.MaxAttempts = 1
	client := newClient(t, opts)

	for _, row := range errors.Exceptions() {
		for _, form := range formsOf(row.Code) {
			t.Run(row.Code+"/"+form.name, func(t *testing.T) {
				header := map[string]string{"X-Amzn-RequestId": requestID, "Content-Type": "application/json"}
				for name, value := range form.header {
					header[name] = value
				}
				answer = reply(row.StatusCode, header, form.body)
				_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
				require.Error(t, err)
				wrapped := fmt.Errorf("by the caller: %w", err)

				concrete := reflect.New(reflect.TypeOf(row.New(errors.LambdaServiceException{})))
				require.True(t, errors.As(wrapped, concrete.Interface()), "%T", concrete.Elem().Interface())

				var base *errors.LambdaServiceException
				require.ErrorAs(t, wrapped, &base)
				require.Equal(t, row.Code, base.Code)
				require.Equal(t, "the message", base.Message)
				require.Equal(t, row.Fault, base.Fault)
				require.Equal(t, row.StatusCode, base.StatusCode)
				require.Equal(t, requestID, base.RequestID)
				if !strings.Contains(form.name, "Type") || strings.HasPrefix(form.name, "__type") {
					require.Equal(t, "User", base.Type)
				} else {
					require.Empty(t, base.Type)
				}

				var api smithy.APIError
				require.ErrorAs(t, wrapped, &api)
				require.Equal(t, row.Code, api.ErrorCode())
				require.Equal(t, "the message", api.ErrorMessage())
				require.Equal(t, row.Fault, api.ErrorFault())

				var operation *smithy.OperationError
				require.ErrorAs(t, wrapped, &operation)
				require.Equal(t, "Lambda", operation.Service())
				require.Equal(t, "Invoke", operation.Operation())

				var response *smithyhttp.ResponseError
				require.ErrorAs(t, wrapped, &response)
				require.Equal(t, row.StatusCode, response.HTTPStatusCode())

				require.Equal(t, row.MayHaveExecuted, errors.MayHaveExecuted(wrapped))
			})
		}
	}
}

func TestMembersBeyondTheBaseAreFilled(t *testing.T) {
	t.Run("TooManyRequestsException", func(t *testing.T) {
		opts := serve(t, reply(429, map[string]string{"X-Amzn-Errortype": "TooManyRequestsException", "Retry-After": "3"},
			`{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}`))
		_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		var throttled *errors.TooManyRequestsException
		require.ErrorAs(t, err, &throttled)
		require.Equal(t, errors.ThrottleReservedConcurrency, throttled.Reason)
		require.Equal(t, "3s", throttled.RetryAfter.String())
	})
	t.Run("EC2UnexpectedException", func(t *testing.T) {
		opts := serve(t, reply(502, map[string]string{"X-Amzn-Errortype": "EC2UnexpectedException"}, `{"EC2ErrorCode":"InternalError","Message":"m"}`))
		_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		var unexpected *errors.EC2UnexpectedException
		require.ErrorAs(t, err, &unexpected)
		require.Equal(t, "InternalError", unexpected.EC2ErrorCode)
	})
}

func TestNamesThatTheServiceUsesOnTheWireArriveAsTheDocumentedType(t *testing.T) {
	t.Run("RequestEntityTooLargeException", func(t *testing.T) {
		opts := serve(t, reply(413, map[string]string{"X-Amzn-Errortype": "RequestEntityTooLargeException"}, `{"message":"too large"}`))
		_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		var large *errors.RequestTooLargeException
		require.ErrorAs(t, err, &large)
		require.Equal(t, 413, large.StatusCode)
	})
	t.Run("ResourceNotFound, as SAM local says it", func(t *testing.T) {
		opts := serve(t, reply(404, map[string]string{"X-Amzn-Errortype": "ResourceNotFound"}, `{"Type":"User","Message":"m"}`))
		_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		var missing *errors.ResourceNotFoundException
		require.ErrorAs(t, err, &missing)
	})
}

func TestRepliesThatAreNotTheServicesBecomeABareException(t *testing.T) {
	deep := strings.Repeat(`{"message":`, 20_000) + `"x"` + strings.Repeat("}", 20_000)
	for _, tc := range []struct {
		name   string
		status int
		header map[string]string
		body   string
		code   string
	}{
		{"an unknown code", 403, map[string]string{"X-Amzn-Errortype": "AccessDeniedException"}, `{"Message":"no"}`, "AccessDeniedException"},
		{"XML", 403, nil, `<Error><Code>AccessDenied</Code></Error>`, "UnknownError"},
		{"HTML of a load balancer", 502, map[string]string{"Content-Type": "text/html"}, `<html><body>502 Bad Gateway</body></html>`, "UnknownError"},
		{"nothing", 500, nil, "", "UnknownError"},
		{"truncated JSON", 500, nil, `{"message":"it en`, "UnknownError"},
		{"10 MB of rubbish", 503, nil, strings.Repeat("\x00\xff rubbish", 1<<20), "UnknownError"},
		{"deeply nested JSON", 500, nil, deep, "UnknownError"},
		{"a JSON array", 400, nil, `["message"]`, "UnknownError"},
		{"members of other types", 400, nil, `{"message":{"a":1},"code":7,"__type":[],"Type":3}`, "UnknownError"},
		{"a redirect", 307, map[string]string{"Location": "/elsewhere"}, "", "UnknownError"},
		{"another redirect", 302, map[string]string{"Location": "http://127.0.0.1:1/"}, "", "UnknownError"},
		{"not modified", 304, nil, "", "UnknownError"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var requests int
			header := map[string]string{"X-Amz-RequestId": requestID}
			for name, value := range tc.header {
				header[name] = value
			}
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				reply(tc.status, header, tc.body)(w, r)
			})
			_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f", Payload: []byte(`{}`)})
			require.Equal(t, 1, requests, "a redirect is not followed")

			var base *errors.LambdaServiceException
			require.ErrorAs(t, err, &base)
			require.Equal(t, tc.code, base.Code)
			require.Equal(t, tc.status, base.StatusCode)
			require.Equal(t, requestID, base.RequestID)
			require.LessOrEqual(t, len(base.Message), 1024)
			require.Less(t, len(err.Error()), 2000)

			var response *smithyhttp.ResponseError
			require.ErrorAs(t, err, &response)
			require.Equal(t, tc.status, response.HTTPStatusCode())
			rest, readErr := io.ReadAll(response.HTTPResponse().Body)
			require.NoError(t, readErr)
			require.Empty(t, rest)
		})
	}
}

func TestAConnectionIsUsedAgainAfterAnError(t *testing.T) {
	connections := map[string]int{}
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr]++
		reply(404, map[string]string{"X-Amzn-Errortype": "ResourceNotFoundException"}, strings.Repeat("x", 200<<10))(w, r)
	})
	client := newClient(t, opts)
	for range 20 {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
	}
	require.Len(t, connections, 1)
}

func TestAFunctionErrorIsATypedError(t *testing.T) {
	opts := serve(t, reply(200, map[string]string{"X-Amz-Function-Error": "Unhandled", "X-Amz-Executed-Version": "3", "X-Amzn-RequestId": requestID},
		`{"errorMessage":"boom","errorType":"ValueError","stackTrace":["  File \"/var/task/f.py\", line 3, in handler\n    raise ValueError(\"boom\")\n"]}`))
	out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "orders"})
	require.NoError(t, err)

	var failed *errors.FunctionError
	require.ErrorAs(t, out.Err(), &failed)
	require.Equal(t, "Unhandled", failed.FunctionError)
	require.Equal(t, "ValueError", failed.ErrorType)
	require.Equal(t, "boom", failed.ErrorMessage)
	require.Len(t, failed.StackTrace, 1)
	require.Equal(t, "orders", failed.FunctionName)
	require.Equal(t, "3", failed.ExecutedVersion)
	require.Equal(t, requestID, failed.RequestID)
	require.Equal(t, out.Payload, failed.Payload)
	require.True(t, errors.MayHaveExecuted(out.Err()))
}

func TestAStatusStandsOnceInAMessage(t *testing.T) {
	s := invoketest.NewServer(t)
	client := newClient(t, s.Options())
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
	require.EqualError(t, err, fmt.Sprintf(
		"operation error Lambda: Invoke, ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing (status 404, request ID %s)",
		s.Requests()[0].RequestID))

	var response *smithyhttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, 404, response.HTTPStatusCode())
}
