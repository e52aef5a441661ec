package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheAnswerIsPrintedWithAReport(t *testing.T) {
	var printed strings.Builder
	require.NoError(t, run(t.Context(), &printed, 0))
	require.Regexp(t, `^A response stream begins (?s:.*) about the next\.\n\n\(\S+, of which \S+ are billed\)\n$`, printed.String())
}

func TestTheAnswerIsPrintedWhileTheFunctionStillWrites(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ran := make(chan error)
	go func() { ran <- run(ctx, w, time.Hour) }()

	first, err := bufio.NewReader(r).ReadString(' ')
	require.NoError(t, err)
	require.Equal(t, "A ", first)

	cancel()
	require.ErrorIs(t, <-ran, context.Canceled)
}
