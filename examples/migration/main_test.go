package main

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBothVersionsPrintTheSame(t *testing.T) {
	for name, version := range map[string]func(context.Context, settings, io.Writer) error{
		"with the AWS SDK for Go": before,
		"with this library":       after,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, run(t.Context(), &out, version))
			require.Equal(t, `  span Lambda.Invoke: charge us-east-1 200
  "order 17 is paid", with 128 MB, by version $LATEST
  span Lambda.Invoke: charge us-east-1 200
  charge failed: errorString: nothing to charge
  span Lambda.Invoke: chrage us-east-1 404
  there is no function "chrage"
  span Lambda.Invoke: charge-slowly us-east-1 429
  charge-slowly is busy: ConcurrentInvocationLimitExceeded
`, out.String())
		})
	}
}
