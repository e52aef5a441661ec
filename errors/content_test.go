package errors_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAPayloadsProblemStandsBesideTheServicesMessage(t *testing.T) {
	refused := &errors.InvalidRequestContentException{LambdaServiceException: errors.LambdaServiceException{
		Code:       "InvalidRequestContentException",
		Message:    "Could not parse request body into json: Invalid UTF-8 start byte 0x97\n at [Source: (byte[])]",
		StatusCode: 400,
	}}
	const line = "InvalidRequestContentException: Could not parse request body into json: Invalid UTF-8 start byte 0x97 at [Source: (byte[])]"
	require.EqualError(t, refused, line+" (status 400)")
	refused.PayloadProblem = "is not UTF-8 at offset 17: byte 0x97"
	require.EqualError(t, refused, line+" (the payload is not UTF-8 at offset 17: byte 0x97, status 400)")
	require.Contains(t, refused.ErrorMessage(), "\n", "the message is as the service sent it")

	var base *errors.LambdaServiceException
	require.ErrorAs(t, error(refused), &base)
	require.False(t, errors.MayHaveExecuted(refused))
}
