package invoketest_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestThePlatformEndsAFunction(t *testing.T) {
	for name, c := range map[string]struct {
		fault invoketest.Fault
		is    func(*errors.FunctionError) bool
	}{
		"Sandbox.Timedout":    {invoketest.Timeout(), (*errors.FunctionError).IsTimeout},
		"Runtime.OutOfMemory": {invoketest.OutOfMemory(), (*errors.FunctionError).IsOutOfMemory},
		"Runtime.ExitError":   {invoketest.Crash(), (*errors.FunctionError).IsRuntimeCrash},
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			s.Handle("f", echo)
			client := newClient(t, s)
			s.Script("f", c.fault, c.fault)
			out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Equal(t, "Unhandled", out.FunctionError)
			var failed *errors.FunctionError
			require.ErrorAs(t, out.Err(), &failed)
			require.Equal(t, name, failed.ErrorType)
			require.True(t, c.is(failed))
			require.Contains(t, failed.ErrorMessage, "RequestId: "+out.RequestID+" Error: ")
			require.Equal(t, 1, s.Runs("f"), "it ran, and then it ended")

			stream, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
			require.NoError(t, err)
			_, err = io.ReadAll(stream.Body)
			require.ErrorAs(t, err, &failed)
			require.Equal(t, 2, s.Runs("f"))
		})
	}
}

func TestAServerWithAFixedAddressAndCredentials(t *testing.T) {
	taken := invoketest.NewServer(t).URL()[len("http://"):]
	require.PanicsWithValue(t, "invoketest: cannot listen on "+taken+": listen tcp "+taken+": bind: address already in use", func() {
		invoketest.NewServer(t, func(c *invoketest.Config) { c.Address = taken })
	})

	s := invoketest.NewServer(t, func(c *invoketest.Config) {
		c.Credentials = invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token"}
	})
	s.Handle("f", echo)
	opts := invoke.Options{Region: "us-east-1", BaseEndpoint: s.URL(), Credentials: invoke.StaticCredentials("AKIDEXAMPLE", "secret", "token")}
	client, err := invoke.New(opts)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)

	s.RotateCredentials()
	_, err = client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
	var base *errors.LambdaServiceException
	require.ErrorAs(t, err, &base)
	require.Equal(t, "ExpiredTokenException", base.Code)
}
