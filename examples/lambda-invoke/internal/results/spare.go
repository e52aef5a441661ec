package results

import (
	"errors"
	"fmt"
	"os"
)

// spareSize is the room that is set aside, spareLeast the least that is of use.
const (
	spareSize  = 1 << 20
	spareLeast = 64 << 10
)

// spare is a file that holds room on the disk.
type spare struct{ path string }

// newSpare takes room. Where there is little, it takes less.
func newSpare(path string) (*spare, error) {
	for size := spareSize; ; size /= 2 {
		err := fill(path, size)
		if err == nil {
			return &spare{path: path}, nil
		}
		err = errors.Join(err, os.Remove(path))
		if size <= spareLeast {
			return nil, fmt.Errorf("set room aside for results: %w", err)
		}
	}
}

// fill writes a file that takes up as much as it says: not zeros, which some
// file systems do not store.
func fill(path string, size int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, spareLeast)
	for i := range block {
		block[i] = byte(i*7 + i>>8)
	}
	for range size / len(block) {
		if _, err := f.Write(block); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(f.Sync(), f.Close())
}

// release gives the room back. It may be called again.
func (s *spare) release() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
