package journal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
)

func at(n int) Checkpoint { return Checkpoint{Lines: n, Sum: lines.Sum{byte(n), 1}} }

func open(t *testing.T, path string) (*Journal, *Content) {
	t.Helper()
	j, content, err := Open(path, "f")
	require.NoError(t, err)
	return j, content
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	j, content := open(t, path)
	require.True(t, content.New)
	var all sync.WaitGroup
	for i := range 3000 {
		all.Go(func() { require.NoError(t, j.Start(i, at(i+1))) })
	}
	all.Wait()
	j.Back(17)
	j.Back(18)
	require.NoError(t, j.Again(slices.Values([]int{5, 6, 7, 2000})))
	require.NoError(t, j.Start(6, at(7)))
	require.NoError(t, j.Read(at(3003)))
	_, _, err := Open(path, "f")
	require.ErrorIs(t, err, ErrInUse)
	require.NoError(t, j.Close())
	require.ErrorIs(t, j.Start(1, at(1)), ErrClosed)

	j, content = open(t, path)
	defer j.Close()
	require.False(t, content.New)
	require.Equal(t, "f", content.Function)
	require.Equal(t, []int{5, 7, 2000}, slices.Collect(content.Again.All()))
	require.Equal(t, 3000-5, content.Started.Len())
	require.Equal(t, at(3003), content.Read)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(3000*20), "starts that come together share a line")
}

func TestATornEndIsRepairedAndDamageInFrontIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	j, _ := open(t, path)
	require.NoError(t, j.Start(0, at(1)))
	require.NoError(t, j.Start(1, at(2)))
	require.NoError(t, j.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	first := strings.IndexByte(string(whole), '\n') + 1
	second := first + strings.IndexByte(string(whole[first:]), '\n') + 1
	for cut := range whole {
		require.NoError(t, os.WriteFile(path, whole[:cut], 0o600))
		j, content := open(t, path)
		want := 0
		if cut >= second {
			want = 1
		}
		require.Equal(t, want, content.Started.Len(), "cut at %d", cut)
		require.Equal(t, cut < first, content.New, "cut at %d", cut)
		require.NoError(t, j.Start(9, at(10)))
		require.NoError(t, j.Close())
		j, content = open(t, path)
		require.True(t, content.Started.Has(9), "cut at %d", cut)
		require.NoError(t, j.Close())
	}
	damaged := slices.Clone(whole)
	damaged[first+6] ^= 1
	require.NoError(t, os.WriteFile(path, damaged, 0o600))
	_, _, err = Open(path, "f")
	require.ErrorContains(t, err, "in front of good lines")
}

// disk is a file on a disk with some room.
type disk struct {
	content []byte
	room    int
	synced  int // of content
}

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	n := min(len(p), d.room-int(at))
	d.content = append(d.content[:at], p[:n]...)
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}
func (d *disk) Truncate(size int64) error { d.content = d.content[:size]; return nil }
func (d *disk) Sync() error               { d.synced = len(d.content); return nil }
func (d *disk) Close() error              { return nil }

func TestNothingIsStartedThatIsNotOnTheDisk(t *testing.T) {
	d := &disk{room: 1000}
	j := start(d, 0)
	started := 0
	for {
		err := j.Start(started, at(started+1))
		if err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			break
		}
		started++
		require.Equal(t, started, strings.Count(string(d.content[:d.synced]), "start "))
	}
	require.Positive(t, started)
	require.True(t, strings.HasSuffix(string(d.content), "\n"), "half a line is left")
	require.ErrorIs(t, j.Start(0, at(1)), syscall.ENOSPC, "it goes on behind what is lost")
	require.True(t, errors.Is(j.Close(), syscall.ENOSPC))
}

func FuzzRead(f *testing.F) {
	good := string(appendChecksum([]byte(magic+`{"function":"f"}`), 0))
	f.Add(good + string(appendRecord(nil, entry{verb: "start", indexes: []int{1, 2, 3, 9}, read: at(10)})))
	f.Add(good + string(appendRecord(nil, entry{verb: "read", read: at(10)})))
	f.Add(good + "start 1-99999999999 #00000000\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		_, size, err := read(strings.NewReader(text))
		if err == nil && int(size) > len(text) {
			t.Fatalf("%d bytes of %d", size, len(text))
		}
		if e, err := parseRecord(text); err == nil {
			parsed, err := checked(string(appendRecord(nil, e)))
			require.NoError(t, err)
			again, err := parseRecord(parsed)
			require.NoError(t, err)
			require.Equal(t, e.verb, again.verb)
		}
	})
}
