package results

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// The limit that a process has for its files stands in for a full disk. It is
// set in a process of its own.
func TestAFullDiskHasRoomForWhatIsInFlight(t *testing.T) {
	if dir := os.Getenv("RESULTS_FULL"); dir != "" {
		fillUp(t, filepath.Join(dir, "results"))
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestAFullDiskHasRoomForWhatIsInFlight$", "-test.v")
	cmd.Env = append(os.Environ(), "RESULTS_FULL="+t.TempDir())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func fillUp(t *testing.T, path string) {
	f, err := Open(path, func(Record) error { return nil })
	require.NoError(t, err)
	require.NoError(t, f.Begin())
	line := AppendOutput(nil, 1, make([]byte, 1000))
	limit := int64(len(line)*10 + 20) // in the middle of a line
	signal.Ignore(syscall.SIGXFSZ)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(limit), Max: 1 << 30}))
	wrote := 0
	for {
		written, err := f.Write(line)
		if err != nil {
			require.False(t, written)
			require.ErrorIs(t, err, syscall.EFBIG)
			break
		}
		wrote++
	}
	require.Equal(t, 10, wrote)
	require.NoFileExists(t, path+".spare")
	// Room is found: what was in flight is written, and the error stays.
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 30, Max: 1 << 30}))
	written, err := f.Write(line)
	require.True(t, written)
	require.ErrorIs(t, err, syscall.EFBIG)
	require.NoError(t, f.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 11*len(line), info.Size())
}
