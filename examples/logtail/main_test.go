package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLogAndCostAreShown(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	for _, want := range []string{"  | reading cat.png\n", "  | REPORT RequestId: ", "at 128 MB", "a million such calls cost $0.", "result: done\n"} {
		require.Contains(t, out.String(), want)
	}
}
