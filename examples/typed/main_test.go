package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFunctionsAreCalledWithStructs(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Equal(t, `3 tea: 7.50, thank you
0 tea: the function says "an order of nothing"
1 tea, as it is on the wire: {"total":2.5,"note":"thank you"}
`, out.String())
}
