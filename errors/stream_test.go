package errors_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAnExceptionInAStreamMayHaveExecutedWhateverItGuaranteesOfAReply(t *testing.T) {
	for _, x := range errors.Exceptions() {
		exception := x.New(errors.LambdaServiceException{Message: "m", RequestID: "id"})
		err := error(&errors.StreamError{Err: exception})
		require.True(t, errors.MayHaveExecuted(err), x.Code)
		require.EqualError(t, err, "response stream ended by an exception: "+x.Code+": m (request ID id)")
		require.ErrorIs(t, err, exception)
		var base *errors.LambdaServiceException
		require.ErrorAs(t, err, &base)
		require.Equal(t, x.Code, base.Code)
	}
	require.EqualError(t, &errors.StreamError{}, "response stream ended by an exception")
}
