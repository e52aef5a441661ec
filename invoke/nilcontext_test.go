package invoke_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestANilContextIsAnError(t *testing.T) {
	var none context.Context
	s := invoketest.NewServer(t)
	client := newClient(t, s.Options())
	f := invoke.NewFunc[int, int](client, "f", func(o *invoke.FuncOptions) {
		o.Prepare = func(ctx context.Context, _ *invoke.InvokeInput) { _ = ctx.Err() }
	})
	for name, call := range map[string]func() error{
		"Invoke": func() error {
			_, err := client.Invoke(none, &invoke.InvokeInput{FunctionName: "f"})
			return err
		},
		"InvokeWithResponseStream": func() error {
			_, err := client.InvokeWithResponseStream(none, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
			return err
		},
		"NewFromEnv":  func() error { _, err := invoke.NewFromEnv(none); return err },
		"Func.Call":   func() error { _, err := f.Call(none, 1); return err },
		"Func.Invoke": func() error { _, err := f.Invoke(none, 1); return err },
		"Func.Send":   func() error { return f.Send(none, 1) },
		"Func.Map": func() error {
			for r := range f.Map(none, slices.Values([]int{1})) {
				return r.Err
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := call()
			var options *errors.OptionsError
			require.ErrorAs(t, err, &options)
			require.ErrorContains(t, err, "the context is nil")
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
	require.Empty(t, s.Requests())
}
