//go:build go1.26

package errors_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAsTypeFindsConcreteAndBase(t *testing.T) {
	row, _ := errors.LookupException("ResourceNotFoundException")
	err := fmt.Errorf("caller: %w", row.New(errors.LambdaServiceException{Message: "gone"}))

	missing, ok := errors.AsType[*errors.ResourceNotFoundException](err)
	require.True(t, ok)
	require.Equal(t, "gone", missing.Message)

	base, ok := errors.AsType[*errors.LambdaServiceException](err)
	require.True(t, ok)
	require.Equal(t, "ResourceNotFoundException", base.Code)

	_, ok = errors.AsType[*errors.TooManyRequestsException](err)
	require.False(t, ok)
}
