package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// peakMemory runs a command and returns the most memory that it had, in KB. (The
// kernel's account of a process that has ended includes what its parent had when
// it was started.)
func peakMemory(t *testing.T, cmd *exec.Cmd) (peak int) {
	t.Helper()
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			require.NoError(t, err)
			return peak
		case <-time.After(2 * time.Millisecond):
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			_, status, _ = bytes.Cut(status, []byte("VmHWM:"))
			fmt.Sscan(string(status), &peak)
		}
	}
}

func TestMapMemoryDoesNotGrowWithTheInput(t *testing.T) {
	peak := func(items, length int) int {
		s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Concurrency, c.KeepRequests = 20, -1 })
		s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
		var input bytes.Buffer
		for n := range items {
			fmt.Fprintf(&input, "{\"item\":%d,\"text\":%q}\n", n, bytes.Repeat([]byte("x"), length))
		}
		j := newJob(t, input.String())
		cmd := command(t, s, j.args("-max-concurrency", "20", "-log", "-report", j.out+".html", "echo")...)
		peak := peakMemory(t, cmd)
		require.Len(t, readLines(t, j.out), items)
		return peak / 1024
	}
	small, large := peak(1000, 1000), peak(20_000, 1000)
	t.Logf("%d MB and %d MB", small, large)
	require.Less(t, large, small+16)
	huge := peak(20, 6_000_000) // 120 MB, there and back
	t.Logf("%d MB", huge)
	require.Less(t, huge, 400) // some payloads are in flight, with buffers for their answers
}
