package errors_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAnExceptionMadeByHandKnowsItsType(t *testing.T) {
	for _, row := range errors.Exceptions() {
		t.Run(row.Code, func(t *testing.T) {
			kind := reflect.TypeOf(row.New(errors.LambdaServiceException{})).Elem()
			zero := reflect.New(kind).Interface().(smithy.APIError)
			err := fmt.Errorf("fake: %w", zero)

			require.EqualError(t, zero, fmt.Sprintf("%s (status %d)", row.Code, row.StatusCode))
			require.Equal(t, row.MayHaveExecuted, errors.MayHaveExecuted(err))
			require.Equal(t, row.MayHaveExecuted, zero.(interface{ MayHaveExecuted() bool }).MayHaveExecuted())

			var api smithy.APIError
			require.ErrorAs(t, err, &api)
			require.Equal(t, row.Code, api.ErrorCode())
			require.Equal(t, row.Fault, api.ErrorFault())
			require.Empty(t, api.ErrorMessage())

			var base *errors.LambdaServiceException
			require.ErrorAs(t, err, &base)
			require.Equal(t, &errors.LambdaServiceException{Code: row.Code, Fault: row.Fault, StatusCode: row.StatusCode}, base)
			require.True(t, reflect.ValueOf(zero).Elem().IsZero(), "only read")
		})
	}
}

func TestWhatAnExceptionMadeByHandSaysOutweighsItsType(t *testing.T) {
	err := &errors.ResourceNotFoundException{LambdaServiceException: errors.LambdaServiceException{
		Message: "gone", Fault: smithy.FaultServer, StatusCode: 410, RequestID: "1b",
	}}
	require.EqualError(t, err, "ResourceNotFoundException: gone (status 410, request ID 1b)")
	require.Equal(t, smithy.FaultServer, err.ErrorFault())

	// A code without a status is what comes inside a stream, and stands for itself.
	err = &errors.ResourceNotFoundException{LambdaServiceException: errors.LambdaServiceException{Code: "ResourceNotFoundException"}}
	require.EqualError(t, err, "ResourceNotFoundException")
	require.Equal(t, smithy.FaultClient, err.ErrorFault())
	var base *errors.LambdaServiceException
	require.ErrorAs(t, err, &base)
	require.Same(t, &err.LambdaServiceException, base)

	require.EqualError(t, &errors.TooManyRequestsException{Reason: errors.ThrottleReservedConcurrency, RetryAfter: time.Second},
		"TooManyRequestsException (ReservedFunctionConcurrentInvocationLimitExceeded, retry after 1s, status 429)")
}

func TestTheFaultOfABareErrorFollowsFromCodeThenStatus(t *testing.T) {
	for want, cases := range map[smithy.ErrorFault][]errors.LambdaServiceException{
		smithy.FaultUnknown: {{}, {StatusCode: 302}, {Code: "Odd"}},
		smithy.FaultClient:  {{StatusCode: 403}, {Code: "Odd", StatusCode: 499}, {Code: "TooManyRequestsException", StatusCode: 500}, {Fault: smithy.FaultClient, StatusCode: 500}},
		smithy.FaultServer:  {{StatusCode: 503}, {Code: "ServiceException"}},
	} {
		for _, e := range cases {
			require.Equal(t, want, e.ErrorFault(), "%+v", e)
		}
	}
}
