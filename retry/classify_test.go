package retry_test

import (
	"context"
	stderrors "errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"testing"
	"time"

	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// exception is what Invoke returns for a reply with code and status.
func exception(code string, status int) error {
	base := errors.LambdaServiceException{Code: code, StatusCode: status}
	var err error = &base
	if documented, ok := errors.LookupException(code); ok {
		err = documented.New(base)
	}
	return fmt.Errorf("in the caller's words: %w", &smithy.OperationError{
		ServiceID: "Lambda", OperationName: "Invoke",
		Err: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{}}},
			Err:      err,
		},
	})
}

func TestEveryDocumentedExceptionIsClassifiedByTheTable(t *testing.T) {
	for _, row := range errors.Exceptions() {
		t.Run(row.Code, func(t *testing.T) {
			require.Equal(t, retry.Class{
				Retryable:       row.Retry != errors.RetryNever,
				Throttle:        row.Retry == errors.RetryThrottle,
				MayHaveExecuted: row.MayHaveExecuted,
			}, retry.Classify(exception(row.Code, row.StatusCode)))
		})
	}
}

// dialTimeout is what package net returns when a connect timeout passes.
type dialTimeout struct{}

func (dialTimeout) Error() string        { return "i/o timeout" }
func (dialTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

func TestErrorsAreClassifiedByTypeAndCode(t *testing.T) {
	var (
		never     = retry.Class{}
		passing   = retry.Class{Retryable: true}
		throttled = retry.Class{Retryable: true, Throttle: true}
		ambiguous = retry.Class{Retryable: true, MayHaveExecuted: true}
		ran       = retry.Class{MayHaveExecuted: true}
	)
	reset := stderrors.New("connection reset by peer")
	for _, tc := range []struct {
		name string
		err  error
		want retry.Class
	}{
		{"nothing", nil, never},
		{"no connection", &errors.TransportError{Stage: errors.StageConnect, Err: reset}, passing},
		{"connect timeout", &errors.TransportError{Stage: errors.StageConnect, Err: &net.OpError{Op: "dial", Err: dialTimeout{}}}, passing},
		{"not sent completely", &errors.TransportError{Stage: errors.StageSend, Err: reset}, passing},
		{"broke while waiting", &errors.TransportError{Stage: errors.StageAwait, Err: reset}, ambiguous},
		{"broke in the body", &errors.TransportError{Stage: errors.StageReceive, Err: reset, StatusCode: 200}, ambiguous},
		{"unknown stage", &errors.TransportError{Err: reset}, ambiguous},
		{"cancelled before it was sent", &errors.TransportError{Stage: errors.StageSend, Err: context.Canceled}, never},
		{"cancelled after", &errors.TransportError{Stage: errors.StageAwait, Err: context.Canceled}, ran},
		{"deadline while waiting", &errors.TransportError{Stage: errors.StageAwait, Err: fmt.Errorf("%w: %w", context.DeadlineExceeded, reset)}, ran},

		{"throttled outside the table", exception("ThrottlingException", 400), throttled},
		{"request limit", exception("RequestLimitExceeded", 503), throttled},
		{"slow down", exception("SlowDown", 503), throttled},
		{"429 without a code", exception("UnknownError", 429), throttled},
		{"500 without a code", exception("UnknownError", 500), ambiguous},
		{"502 of a load balancer", exception("UnknownError", 502), ambiguous},
		{"503 undocumented", exception("ServiceUnavailableException", 503), ambiguous},
		{"access denied", exception("AccessDeniedException", 403), never},
		{"a 403 of a proxy", exception("UnknownError", 403), retry.Class{MayHaveExecuted: true}},
		{"a redirect", exception("UnknownError", 307), retry.Class{MayHaveExecuted: true}},
		{"wrong signature", exception("InvalidSignatureException", 403), never},
		{"expired credentials", exception("ExpiredTokenException", 403), passing},
		{"alias of a documented code", exception("RequestEntityTooLargeException", 413), never},

		{"function error", &errors.FunctionError{FunctionError: "Unhandled"}, ran},
		{"too large a reply", &errors.ResponseTooLargeError{Limit: 1, Size: 2}, ran},
		{"no credentials", &errors.CredentialsError{Err: reset}, never},
		{"bad input", smithy.InvalidParamsError{}, never},
		{"unserializable input", &smithy.SerializationError{Err: reset}, never},
		{"something else", reset, ran},

		{"after all attempts", &retry.MaxAttemptsError{Attempts: 3, Err: exception("TooManyRequestsException", 429)}, throttled},
		{"given up", &retry.GaveUpError{Reason: retry.ErrQuotaExhausted, Err: exception("UnknownError", 500)}, ambiguous},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, retry.Classify(tc.err))
		})
	}
}

func TestRetryAfterIsPartOfTheClass(t *testing.T) {
	throttled := &errors.TooManyRequestsException{RetryAfter: 7 * time.Second}
	throttled.Code = "TooManyRequestsException"
	require.Equal(t,
		retry.Class{Retryable: true, Throttle: true, After: 7 * time.Second},
		retry.Classify(fmt.Errorf("wrapped: %w", throttled)))
}

func TestErrorsOfThePackageSayWhatHappened(t *testing.T) {
	cause := stderrors.New("status 500")
	for _, tc := range []struct {
		err  error
		want string
	}{
		{&retry.MaxAttemptsError{Attempts: 3, Err: cause}, "gave up after 3 attempts: status 500"},
		{&retry.MaxAttemptsError{Attempts: 1, Err: cause}, "gave up after 1 attempt: status 500"},
		{
			&retry.GaveUpError{Attempts: 1, Delay: 1234567 * time.Microsecond, Reason: retry.ErrQuotaExhausted, Err: cause},
			"gave up after 1 attempt, the client's retry quota is exhausted: status 500",
		},
		{
			&retry.GaveUpError{Attempts: 1, Delay: 20 * time.Second, Reason: context.DeadlineExceeded, Err: cause},
			"gave up after 1 attempt, the retry due in 20s would come after the deadline: status 500",
		},
		{
			&retry.GaveUpError{Attempts: 2, Reason: context.DeadlineExceeded, Err: cause},
			"gave up after 2 attempts, context deadline exceeded: status 500",
		},
		{
			&retry.GaveUpError{Attempts: 2, Delay: 20 * time.Second, Reason: context.Canceled, Err: cause},
			"gave up after 2 attempts, context canceled: status 500",
		},
	} {
		require.EqualError(t, tc.err, tc.want)
		require.ErrorIs(t, tc.err, cause)
		require.True(t, errors.MayHaveExecuted(tc.err))
	}
	require.False(t, errors.MayHaveExecuted(&retry.GaveUpError{
		Reason: context.DeadlineExceeded,
		Err:    exception("TooManyRequestsException", 429),
	}))
}

func TestAnExceptionMadeByHandIsClassifiedByItsType(t *testing.T) {
	for _, row := range errors.Exceptions() {
		zero := reflect.New(reflect.TypeOf(row.New(errors.LambdaServiceException{})).Elem()).Interface().(error)
		require.Equal(t, retry.Class{
			Retryable:       row.Retry != errors.RetryNever,
			Throttle:        row.Retry == errors.RetryThrottle,
			MayHaveExecuted: row.MayHaveExecuted,
		}, retry.Classify(fmt.Errorf("fake: %w", zero)), row.Code)
	}
	require.Equal(t, retry.Class{Retryable: true, Throttle: true, After: time.Second}, retry.Classify(&errors.TooManyRequestsException{RetryAfter: time.Second}))
	require.Equal(t, retry.Class{MayHaveExecuted: true}, retry.Classify(&errors.FunctionError{}))
	require.Equal(t, retry.Class{Retryable: true, MayHaveExecuted: true}, retry.Classify(&errors.TransportError{}))
}
