package replies_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/replies"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestSuccessesAreReadAsTheSDKReadsThem(t *testing.T) {
	eachReply(t, replies.Successes(), func(reply replies.Reply, ours, sdk pair.Outcome) {
		require.Equal(t, sdk.Comparable(), ours.Comparable(), reply.Name)
	})
}

func TestEveryDocumentedExceptionIsReadAsTheSDKReadsIt(t *testing.T) {
	var documented []replies.Exception
	for _, x := range lambdaerrors.Exceptions() {
		documented = append(documented, replies.Exception{Code: x.Code, Status: x.StatusCode})
	}
	require.Len(t, documented, 43)
	eachReply(t, replies.Errors(documented), func(reply replies.Reply, ours, sdk pair.Outcome) {
		require.Equal(t, sdk.Comparable(), ours.Comparable(), "%s\nSDK:  %v\nours: %v", reply.Name, sdk.Err, ours.Err)
		require.NotEmpty(t, ours.Failure.Type, reply.Name)
		base, ok := pair.As[*lambdaerrors.LambdaServiceException](ours.Err)
		require.True(t, ok)
		require.Equal(t, ours.Failure.Code, base.Code)
	})
}

func TestUndocumentedCodesAreReadAsTheSDKReadsThem(t *testing.T) {
	eachReply(t, replies.Undocumented(), requireEqualButDeliberate(t))
}

func TestRepliesWithoutACodeAreReadAsTheSDKReadsThem(t *testing.T) {
	eachReply(t, replies.Codeless(), requireEqualButDeliberate(t))
}

// requireEqualButDeliberate compares errors outside the table. Two things are better known here than in the SDK: whose
// fault a status is, and what a body says that names neither a code nor a message.
func requireEqualButDeliberate(t *testing.T) func(replies.Reply, pair.Outcome, pair.Outcome) {
	return func(reply replies.Reply, ours, sdk pair.Outcome) {
		want := sdk.Comparable()
		require.Equal(t, smithy.FaultUnknown.String(), want.Failure.Fault, reply.Name)
		want.Failure.Fault = smithy.FaultClient.String()
		if reply.Status >= http.StatusInternalServerError {
			want.Failure.Fault = smithy.FaultServer.String()
		}
		if want.Failure.Message == "UnknownError" {
			want.Failure.Message = strings.TrimSpace(reply.Body)
		}
		require.Equal(t, want, ours.Comparable(), "%s\nSDK:  %v\nours: %v", reply.Name, sdk.Err, ours.Err)
	}
}

// eachReply gives both clients every reply, once each.
func eachReply(t *testing.T, all []replies.Reply, check func(reply replies.Reply, ours, sdk pair.Outcome)) {
	t.Helper()
	script := replies.Start(t)
	clients := pair.New(t, script.URL)
	for _, reply := range all {
		script.Say(reply)
		ours, sdk := clients.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
		check(reply, ours, sdk)
		require.Len(t, script.Take(), 2, reply.Name)
	}
}
