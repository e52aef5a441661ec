package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheAnswerComesAfterTheSilence(t *testing.T) {
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), &stdout, &stderr, 30*time.Millisecond, time.Hour))
	require.Equal(t, "all is well\n", stdout.String())
	require.Empty(t, stderr.String())
}

func TestTheWaitCanBeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stderr := writerFunc(func(p []byte) (int, error) {
		cancel() // while it says that it still waits
		return len(p), nil
	})
	err := run(ctx, io.Discard, stderr, time.Hour, 10*time.Millisecond)
	require.ErrorIs(t, err, context.Canceled)
}

func TestProgressIsToldUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stderr strings.Builder
		stop := progress(&stderr, time.Minute)
		time.Sleep(150 * time.Second)
		stop()
		require.Equal(t, "waiting for 1m0s\nwaiting for 2m0s\n", stderr.String())
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
