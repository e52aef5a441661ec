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
			require.Equal(t, `  "order 17 is paid", with 128 MB, by version $LATEST
  charge failed: errorString: nothing to charge
  there is no function "chrage"
  charge-slowly is busy: ConcurrentInvocationLimitExceeded
`, out.String())
		})
	}
}
