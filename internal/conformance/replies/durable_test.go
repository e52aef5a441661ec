package replies_test

import (
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

const execution = "arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/order-1/11111111-2222"

func TestDurableExecutionsAreReadAsTheSDKReadsThem(t *testing.T) {
	for _, members := range []string{
		`"Status":"RUNNING","StartTimestamp":1764000000`,
		`"Status":"RUNNING","StartTimestamp":1764000000.123,"InputPayload":"{}","Version":"7","DurableConfig":{"ExecutionTimeout":3}`,
		`"Status":"SUCCEEDED","StartTimestamp":1.764E9,"EndTimestamp":1764000001.5,"Result":"{\"a\":\"\u00fc\"}","ExecutionDataIncluded":true`,
		`"Status":"SUCCEEDED","StartTimestamp":0,"EndTimestamp":0,"Result":null,"Error":null,"Unknown":[{"a":1}]`,
		`"Status":"FAILED","StartTimestamp":1,"EndTimestamp":2,"Error":{"ErrorType":"T","ErrorMessage":"m\nn","ErrorData":"d","StackTrace":["a","b"]}`,
		`"Status":"FAILED","StartTimestamp":1,"EndTimestamp":2`,
		`"Status":"TIMED_OUT","StartTimestamp":1,"EndTimestamp":2,"Error":{"ErrorMessage":"m"}`,
		`"Status":"STOPPED","StartTimestamp":1,"EndTimestamp":2,"Error":{"ErrorType":"T"}`,
	} {
		body := `{"DurableExecutionArn":"` + execution + `","DurableExecutionName":"order-1","FunctionArn":"f",` + members + `}`
		endpoint := capture.Start(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
		clients := pair.New(t, endpoint.URL)
		theirs, err := clients.SDK.GetDurableExecution(t.Context(), &lambda.GetDurableExecutionInput{DurableExecutionArn: aws.String(execution)})
		require.NoError(t, err, members)
		ours := durable.New[int, []byte](clients.Ours, "f:7").Execution(execution)
		status, err := ours.Status(t.Context())
		require.NoError(t, err, members)

		require.EqualValues(t, theirs.Status, status.Status)
		require.True(t, aws.ToTime(theirs.StartTimestamp).Equal(status.StartTimestamp), "%s: %v", members, theirs.StartTimestamp)
		require.True(t, aws.ToTime(theirs.EndTimestamp).Equal(status.EndTimestamp), "%s: %v", members, theirs.EndTimestamp)
		require.Equal(t, aws.ToString(theirs.DurableExecutionName), status.DurableExecutionName)
		require.Equal(t, aws.ToString(theirs.Version), status.Version)

		if !status.Status.Ended() {
			continue
		}
		result, err := ours.Wait(t.Context())
		require.Equal(t, aws.ToString(theirs.Result), string(result))
		require.Equal(t, theirs.Status == types.ExecutionStatusSucceeded, err == nil)
		require.Equal(t, theirs.Status == types.ExecutionStatusTimedOut, lambdaerrors.Is(err, durable.ErrTimedOut))
		require.Equal(t, theirs.Status == types.ExecutionStatusStopped, lambdaerrors.Is(err, durable.ErrStopped))
		if theirs.Error == nil {
			continue
		}
		failure, failed := pair.As[*lambdaerrors.FunctionError](err)
		require.Equal(t, theirs.Status == types.ExecutionStatusFailed, failed)
		if !failed {
			ended, _ := pair.As[*durable.ExecutionError](err)
			failure = ended.Reason
		}
		require.Equal(t, aws.ToString(theirs.Error.ErrorType), failure.ErrorType)
		require.Equal(t, aws.ToString(theirs.Error.ErrorMessage), failure.ErrorMessage)
		require.Equal(t, theirs.Error.StackTrace, failure.StackTrace)
		require.True(t, theirs.Error.ErrorData == nil || strings.Contains(string(failure.Payload), *theirs.Error.ErrorData))
	}
}
