package errors_test

import (
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestServiceErrorTextHasOnlyWhatIsKnown(t *testing.T) {
	for want, e := range map[string]errors.LambdaServiceException{
		"UnknownError":                       {},
		"UnknownError (status 502)":          {Code: errors.CodeUnknown, StatusCode: 502},
		"SlowDown: later":                    {Code: "SlowDown", Message: "later"},
		"SlowDown (request ID 1b)":           {Code: "SlowDown", RequestID: "1b"},
		"Odd: m (status 404, request ID 1b)": {Code: "Odd", Message: "m", Type: "User", Fault: smithy.FaultClient, StatusCode: 404, RequestID: "1b"},
	} {
		require.EqualError(t, &e, want)
	}
}

func TestThrottlingErrorNamesTheLimitAndTheWait(t *testing.T) {
	base := errors.LambdaServiceException{Code: "TooManyRequestsException", Message: "Rate Exceeded.", StatusCode: 429, RequestID: "1b"}
	require.EqualError(t, &errors.TooManyRequestsException{LambdaServiceException: base},
		"TooManyRequestsException: Rate Exceeded. (status 429, request ID 1b)")
	require.EqualError(t, &errors.TooManyRequestsException{
		LambdaServiceException: base, Reason: errors.ThrottleReservedConcurrency, RetryAfter: 30 * time.Second,
	}, "TooManyRequestsException: Rate Exceeded. (ReservedFunctionConcurrentInvocationLimitExceeded, retry after 30s, status 429, request ID 1b)")
}

func TestBareServiceErrorIsFoundAsItself(t *testing.T) {
	bare := &errors.LambdaServiceException{Code: "AccessDeniedException"}
	var base *errors.LambdaServiceException
	require.True(t, errors.As(errors.Join(bare), &base))
	require.Same(t, bare, base)

	var missing *errors.ResourceNotFoundException
	require.False(t, errors.As(errors.Join(bare), &missing))
	require.False(t, bare.As("no target at all"))
}

func TestWhetherTheFunctionRanFollowsFromCodeThenStatus(t *testing.T) {
	for _, c := range []struct {
		code   string
		status int
		want   bool
	}{
		{"ServiceException", 500, true},
		{"EFSIOException", 410, true},
		{"KMSDisabledException", 502, false},
		{"ResourceNotFound", 404, false},
		{"RequestEntityTooLargeException", 413, false},
		{"TooManyRequestsException", 500, false}, // the code outweighs the status

		{"ThrottlingException", 400, false},
		{"SlowDown", 503, false},
		{"PriorRequestNotComplete", 503, true},
		{errors.CodeUnknown, 429, false},
		{"", 429, false},

		{"AccessDeniedException", 403, false},
		{"Odd", 301, false},
		{errors.CodeUnknown, 302, true},
		{errors.CodeUnknown, 404, true},
		{errors.CodeUnknown, 460, true},
		{errors.CodeUnknown, 499, true},
		{errors.CodeFunctionReply, 400, true},
		{errors.CodeFunctionReply, 429, true},

		{errors.CodeUnknown, 408, true},
		{"", 408, true},
		{"RequestTimeoutException", 408, false},

		{errors.CodeUnknown, 500, true},
		{errors.CodeUnknown, 502, true},
		{errors.CodeUnknown, 503, true},
		{"InternalFailure", 500, true},
		{"Odd", 599, true},
		{"Odd", 600, true},
		{"Odd", 0, true},
		{"", 0, true},
		{"Odd", 101, true},
		{"Odd", 200, true},
	} {
		e := &errors.LambdaServiceException{Code: c.code, StatusCode: c.status}
		require.Equal(t, c.want, errors.MayHaveExecuted(e), "%s %d", c.code, c.status)
	}
}
