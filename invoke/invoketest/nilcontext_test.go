package invoketest_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestANilContextBelongsToNoInvocation(t *testing.T) {
	var none context.Context
	_, ok := invoketest.FromContext(none)
	require.False(t, ok)
	require.Equal(t, io.Discard, invoketest.LogWriter(none))
	invoketest.Logf(none, "nobody reads %s", "this")
	_, ok = invoke.StaleCredentials(none)
	require.False(t, ok)
	require.ErrorContains(t, invoketest.NewServer(t).Wait(none), "the context is nil")
}
