package invoke_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestATypedCallWithItsWholeReply(t *testing.T) {
	s := invoketest.NewServer(t)
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	double := invoke.NewFunc[int, int](newClient(t, s.Options()), "double", func(o *invoke.FuncOptions) { o.LogType = invoke.LogTypeTail })

	reply, err := double.Invoke(t.Context(), 21)
	require.NoError(t, err)
	require.Equal(t, 42, reply.Out)
	require.Equal(t, s.Requests()[0].RequestID, reply.RequestID)
	require.Equal(t, 1, reply.Attempts)
	report, ok := reply.Report()
	require.True(t, ok)
	require.Equal(t, reply.RequestID, report.RequestID)

	s.Script("double", invoketest.Crash())
	reply, err = double.Invoke(t.Context(), 21)
	var failed *errors.FunctionError
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.IsRuntimeCrash())
	require.Zero(t, reply.Out)
	require.Equal(t, failed.RequestID, reply.RequestID)
	require.NotEmpty(t, reply.LogResult)

	s.Script("double", invoketest.Throw("ResourceNotFoundException"))
	reply, err = double.Invoke(t.Context(), 21)
	require.Error(t, err)
	require.Zero(t, reply)

	words := invoke.NewFunc[int, string](newClient(t, s.Options()), "double")
	text, err := words.Invoke(t.Context(), 21)
	var decode *errors.DecodeError
	require.ErrorAs(t, err, &decode)
	require.Equal(t, decode.RequestID, text.RequestID)
}
