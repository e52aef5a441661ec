package durable_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestANilContextIsAnError(t *testing.T) {
	var none context.Context
	server := invoketest.NewServer(t)
	f := durable.New[int, int](newClient(t, server.Options()), "f:live", func(o *invoke.FuncOptions) {
		o.Prepare = func(ctx context.Context, _ *invoke.InvokeInput) { _ = ctx.Err() }
	})
	for name, call := range map[string]func() error{
		"Start":            func() error { _, err := f.Start(none, "order-1", 1); return err },
		"Call":             func() error { _, err := f.Call(none, "order-1", 1); return err },
		"Execution.Status": func() error { _, err := f.Execution(anARN).Status(none); return err },
		"Execution.Wait":   func() error { _, err := f.Execution(anARN).Wait(none); return err },
		"Execution.Stop":   func() error { return f.Execution(anARN).Stop(none, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			err := call()
			var options *errors.OptionsError
			require.ErrorAs(t, err, &options)
			require.ErrorContains(t, err, "the context is nil")
		})
	}
	require.Empty(t, server.Requests())
}
