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

func TestATooLargeRequestHasItsDocumentedType(t *testing.T) {
	ours, sdk := one(t, replies.Reply{Status: 413, Body: `{"code":"RequestEntityTooLargeException","message":"m"}`})
	_, typed := pair.As[*lambdaerrors.RequestTooLargeException](ours.Err)
	require.True(t, typed)
	require.Empty(t, sdk.Failure.Type)
	require.Equal(t, "RequestEntityTooLargeException", sdk.Failure.Code)
}

func TestCodesWithoutTheirSuffixHaveTheirTypes(t *testing.T) {
	for code, status := range map[string]int{"ResourceNotFound": 404, "UnsupportedMediaType": 415} {
		ours, sdk := one(t, replies.Reply{Status: status, Header: map[string]string{"x-amzn-errortype": code}, Body: "{}"})
		require.Equal(t, code+"Exception", ours.Failure.Type)
		require.Empty(t, sdk.Failure.Type)
	}
}

func TestOfTwoCodesInABodyTheOneNamedCodeCounts(t *testing.T) {
	ours, sdk := one(t, replies.Reply{Status: 404, Body: `{"code":"ResourceNotFoundException","__type":"Other"}`})
	require.Equal(t, "ResourceNotFoundException", ours.Failure.Code)
	require.Equal(t, "Other", sdk.Failure.Code)
}

func TestAnErrorIsOnePrintableLine(t *testing.T) {
	ours, sdk := one(t, replies.Reply{Status: 400, Body: `{"code":"ValidationException","message":"one\ntwo\u001b[31m\u0000"}`})
	require.Equal(t, "one\ntwo\x1b[31m\x00", sdk.Failure.Message)
	require.Equal(t, sdk.Failure.Message, ours.Failure.Message, "the message itself is what the service sent")
	require.Contains(t, sdk.Err.Error(), "\x1b")
	require.NotContains(t, ours.Err.Error(), "\n")
	require.NotContains(t, ours.Err.Error(), "\x1b")
	require.Contains(t, ours.Err.Error(), "one two")
}

// The SDK hands the page out as the function's result.
func TestASuccessThatIsNotTheServicesIsAnError(t *testing.T) {
	for _, reply := range []replies.Reply{
		{Status: 200, Header: map[string]string{"Content-Type": "text/html"}, Body: "<html>login</html>"},
		{Status: 200, Header: map[string]string{"Content-Type": "application/xml"}, Body: "<ListBucketResult/>"},
	} {
		ours, sdk := one(t, reply)
		require.NoError(t, sdk.Err)
		unexpected, ok := pair.As[*lambdaerrors.UnexpectedResponseError](ours.Err)
		require.True(t, ok, ours.Err)
		require.Equal(t, reply.Body, unexpected.Body)
		require.True(t, lambdaerrors.MayHaveExecuted(ours.Err))
	}
}

// The service says what it could not read; the client knows what it sent, and where it is wrong.
func TestARefusedPayloadIsDiagnosed(t *testing.T) {
	script := replies.Start(t)
	script.Say(replies.Reply{Status: 400, Header: map[string]string{"x-amzn-errortype": "InvalidRequestContentException"}, Body: `{"message":"Invalid UTF-8 start byte 0x97"}`})
	ours, sdk := pair.New(t, script.URL).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{\"a\":\"\x97\"}")})
	require.Equal(t, sdk.Failure.Message, ours.Failure.Message)
	refused, ok := pair.As[*lambdaerrors.InvalidRequestContentException](ours.Err)
	require.True(t, ok, ours.Err)
	require.Equal(t, "is not UTF-8 at offset 6: byte 0x97", refused.PayloadProblem)
}

func TestABodyThatIsNoErrorDocumentIsAnErrorOfTheServiceAllTheSame(t *testing.T) {
	eachReply(t, replies.NotObjects(), func(reply replies.Reply, ours, sdk pair.Outcome) {
		_, undecoded := pair.As[*smithy.DeserializationError](sdk.Err)
		require.True(t, undecoded, reply.Name)
		require.Empty(t, sdk.Failure.Code, reply.Name)

		base, ok := pair.As[*lambdaerrors.LambdaServiceException](ours.Err)
		require.True(t, ok, reply.Name)
		code := lambdaerrors.CodeUnknown
		if reply.Status < http.StatusInternalServerError && strings.HasPrefix(reply.Body, "{") {
			code = lambdaerrors.CodeFunctionReply // what was cut off may have said that it is a function's
		}
		require.Equal(t, code, base.Code, reply.Name)
		require.NotEmpty(t, base.Message, reply.Name)
		require.LessOrEqual(t, len(base.Message), 1024, reply.Name)

		require.Equal(t, sdk.Failure.Status, ours.Failure.Status, reply.Name)
		require.Equal(t, sdk.Failure.RequestID, ours.Failure.RequestID, reply.Name)
		require.Equal(t, sdk.Failure.Operation, ours.Failure.Operation, reply.Name)
	})
}

// AWS's runtime interface emulator answers so when the function panics.
func TestAFunctionErrorUnderAnErrorStatusShowsItsMessage(t *testing.T) {
	ours, sdk := one(t, replies.Reply{Status: 502, Body: `{"errorType":"Runtime.ExitError","errorMessage":"Runtime exited"}`})
	require.Equal(t, "Runtime exited", ours.Failure.Message)
	require.Equal(t, "UnknownError", sdk.Failure.Message)
	require.Equal(t, lambdaerrors.CodeUnknown, ours.Failure.Code)
	require.True(t, lambdaerrors.MayHaveExecuted(ours.Err))
}

// A redirect would run the function at an address that nobody chose. The SDK cannot follow one with a payload.
func TestRedirectsAreNeverFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		script := replies.Start(t)
		elsewhere := replies.Start(t)
		elsewhere.Say(replies.Reply{Status: 200, Body: `"from elsewhere"`})
		script.Say(replies.Reply{Status: status, Header: map[string]string{"Location": elsewhere.URL + "/elsewhere"}})
		clients := pair.New(t, script.URL)
		ours, sdk := clients.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})

		require.Equal(t, status, ours.Failure.Status)
		sent := elsewhere.Take()
		if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
			require.Equal(t, status, sdk.Failure.Status)
			require.Empty(t, sent)
			continue
		}
		require.NoError(t, sdk.Err)
		require.Len(t, sent, 1, "the SDK alone goes on to the other address")
	}
}

// one gives both clients one reply.
func one(t *testing.T, reply replies.Reply) (ours, sdk pair.Outcome) {
	t.Helper()
	eachReply(t, []replies.Reply{reply}, func(_ replies.Reply, o, s pair.Outcome) { ours, sdk = o, s })
	return ours, sdk
}
