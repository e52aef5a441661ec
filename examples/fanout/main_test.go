package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// interrupter is an output that interrupts the program when it first writes.
type interrupter struct{ interrupt func() }

func (i interrupter) Write(p []byte) (int, error) { i.interrupt(); return len(p), nil }

func TestAnInterruptedFanOutGoesOnWhereItStopped(t *testing.T) {
	const items = 400
	state := filepath.Join(t.TempDir(), "state")
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, start(ctx, items, 20, state, &line{w: interrupter{cancel}, live: true}))
	content, err := os.ReadFile(state)
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		require.Contains(t, line, "<nil>", "calls in flight end before the program does")
	}

	var out bytes.Buffer
	require.NoError(t, start(t.Context(), items, 20, state, &line{w: &out}))
	require.Contains(t, out.String(), " of 400 were done before\n")
	require.Contains(t, out.String(), "400 of 400 done, ")

	content, err = os.ReadFile(state)
	require.NoError(t, err)
	seen := make(map[string]int)
	for line := range strings.Lines(string(content)) {
		seen[strings.Fields(line)[0]]++
	}
	for n := range items {
		require.Equal(t, 1, seen[strconv.Itoa(n)], "item %d", n)
	}
}

func TestAFanOutWithNothingLeftSaysHowToStartOver(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	require.NoError(t, os.WriteFile(state, []byte("1 1 <nil>\n0 0 <nil>\n7 49 <nil>\n"), 0o600))
	var out bytes.Buffer
	require.NoError(t, start(t.Context(), 2, 1, state, &line{w: &out}))
	require.Equal(t, "2 of 2 were done before\n2 of 2 done, 0 of them failed or unknown; see "+state+"\nremove it to start over\n", out.String())
}
