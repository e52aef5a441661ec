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

func TestAnAnswerThatIsPrintedAsItComesIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ran := make(chan error)
	go func() {
		err := run(ctx, w, time.Hour)
		w.Close()
		ran <- err
	}()

	first, err := bufio.NewReader(r).ReadString(' ')
	require.NoError(t, err)
	require.Equal(t, "A ", first)

	cancel()
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "\n\n", string(rest))
	err = <-ran
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "as it was interrupted")
}
