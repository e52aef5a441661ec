package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAttemptsAreMeasuredAndTheHeaderIsSigned(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Regexp(t, `^an attempt took \S+: ResourceNotReadyException
an attempt took \S+: success
the function says "shipped"
the endpoint saw order-17 in attempt 1, signed: true
the endpoint saw order-17 in attempt 2, signed: true
$`, out.String())
}
