package invoke_test

import (
	"context"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestAMisspeltEnumIsRefusedWithTheRightSpelling(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	client := newClient(t, s.Options())
	for _, c := range []struct {
		in   invoke.InvokeInput
		want string
	}{
		{invoke.InvokeInput{InvocationType: "event"}, `InvokeInput.InvocationType`},
		{invoke.InvokeInput{InvocationType: "event"}, `the service takes "Event"`},
		{invoke.InvokeInput{InvocationType: "request-response"}, `the service takes "RequestResponse"`},
		{invoke.InvokeInput{InvocationType: "DRY_RUN"}, `the service takes "DryRun"`},
		{invoke.InvokeInput{LogType: "tail"}, `the service takes "Tail"`},
	} {
		c.in.FunctionName = "f"
		_, err := client.Invoke(t.Context(), &c.in)
		var invalid smithy.InvalidParamsError
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, c.want)
	}
	require.Empty(t, s.Requests())
}
