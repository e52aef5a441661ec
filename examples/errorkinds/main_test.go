package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryKindOfErrorIsTold(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{
		"WHAT IT IS MAY HAVE RUN",
		"the function failed: errorString (its timeout: false) true",
		"the function failed: Sandbox.Timedout (its timeout: true) true",
		"there is no such function false",
		"throttled: ReservedFunctionConcurrentInvocationLimitExceeded false",
		"the service says AccessDeniedException (403) false",
		"the service says UnknownError (503) true",
		"the connection failed at stage await true",
		"my deadline passed true",
	} {
		require.Equal(t, want, strings.Join(strings.Fields(lines[i]), " "))
	}
}
