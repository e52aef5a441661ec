package requests_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

// executions are ARNs of executions, with every character that a part of one may have.
var executions = []string{
	"arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/order-1/11111111-2222-3333-4444-555555555555",
	"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST/durable-execution/order_1/a",
	"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my-function_1:$LATEST.PUBLISHED/durable-execution/A-z_09/a.b~c",
	"arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live/durable-execution/n/a=b&c+d,e;f@g!h*i'(j)",
}

func TestRequestsOfDurableExecutionsEqualThoseOfTheSDK(t *testing.T) {
	for _, base := range []string{"", "/base", "/~base-path_1.0/x"} {
		for _, arn := range executions {
			endpoint := capture.Start(t, service(arn))
			clients := pair.New(t, endpoint.URL+base)
			ours := durable.New[map[string]string, []byte](clients.Ours, "f:live")
			name := strings.Split(arn, "/")[2]

			_, err := ours.Start(t.Context(), name, map[string]string{"item": "<a lamp>"})
			require.NoError(t, err)
			_, err = clients.SDK.Invoke(t.Context(), &lambda.InvokeInput{
				FunctionName: aws.String("f:live"), InvocationType: types.InvocationTypeEvent, DurableExecutionName: aws.String(name),
				Payload: []byte(`{"item":"\u003ca lamp\u003e"}`),
			})
			require.NoError(t, err)
			requireEqualPair(t, endpoint.Take())

			_, err = ours.Execution(arn).Status(t.Context())
			require.NoError(t, err)
			get := &lambda.GetDurableExecutionInput{DurableExecutionArn: aws.String(arn), IncludeExecutionData: aws.Bool(false)}
			_, err = clients.SDK.GetDurableExecution(t.Context(), get)
			require.NoError(t, err)
			requireEqualPair(t, endpoint.Take())

			_, err = ours.Execution(arn).Wait(t.Context())
			require.NoError(t, err)
			get.IncludeExecutionData = aws.Bool(true)
			_, err = clients.SDK.GetDurableExecution(t.Context(), get)
			require.NoError(t, err)
			requireEqualPair(t, endpoint.Take())
		}
	}
}

func TestStopsOfDurableExecutionsEqualThoseOfTheSDK(t *testing.T) {
	arn := executions[0]
	endpoint := capture.Start(t, service(arn))
	clients := pair.New(t, endpoint.URL)
	for name, tt := range map[string]struct {
		ours error
		sdk  *types.ErrorObject
	}{
		"no reason": {nil, nil},
		"an error": {
			errors.New("not <needed> & \"gone\"\n\u2028 ünï 世界 😀"),
			&types.ErrorObject{ErrorMessage: aws.String("not <needed> & \"gone\"\n\u2028 ünï 世界 😀"), ErrorType: aws.String("errorString")},
		},
		"a function's": {
			&lambdaerrors.FunctionError{ErrorType: "T", ErrorMessage: "m", StackTrace: []string{"a", "b"}},
			&types.ErrorObject{ErrorType: aws.String("T"), ErrorMessage: aws.String("m"), StackTrace: []string{"a", "b"}},
		},
	} {
		require.NoError(t, durable.New[int, int](clients.Ours, "f:live").Execution(arn).Stop(t.Context(), tt.ours), name)
		_, err := clients.SDK.StopDurableExecution(t.Context(), &lambda.StopDurableExecutionInput{DurableExecutionArn: aws.String(arn), Error: tt.sdk})
		require.NoError(t, err, name)
		requireEqualPair(t, endpoint.Take())
	}
}

// service answers the three operations for one execution.
func service(arn string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/invocations"):
			w.Header().Set("X-Amz-Durable-Execution-Arn", arn)
			w.WriteHeader(http.StatusAccepted)
		case strings.HasSuffix(r.URL.Path, "/stop"):
			_, _ = w.Write([]byte(`{"StopTimestamp":1764000000}`))
		default:
			_, _ = w.Write([]byte(`{"DurableExecutionArn":"` + arn + `","DurableExecutionName":"n","FunctionArn":"f","StartTimestamp":1764000000,"Status":"SUCCEEDED","Result":"1"}`))
		}
	}
}
