package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/indexset"
)

// syncEvery is how long a result may wait to be on the disk. A process that is
// killed loses none; a computer without power loses these, and their items are
// then ones that may have run.
const syncEvery = time.Second

// File is a results file. It is for one goroutine.
type File struct {
	path string
	file *os.File
	size int64

	spare *spare // room for what is in flight when the disk is full
	full  error  // the disk was full

	syncing sync.WaitGroup
	stop    chan struct{}
	syncErr error // the syncing goroutine's
}

// Open opens the results at path, or makes the file, and repairs a torn end.
// visit sees every line.
func Open(path string, visit func(Record) error) (*File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*File, error) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	size, err := scan(f, func(r Record, _, _ int64) error { return visit(r) })
	if err != nil {
		return fail(err)
	}
	if err := f.Truncate(size); err != nil {
		return fail(err)
	}
	return &File{path: path, file: f, size: size}, nil
}

// Drop removes the lines of some items. The file is replaced in one step.
func (f *File) Drop(items *indexset.Set) error {
	temporary := f.path + ".new"
	out, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	size, err := f.copyWithout(items, out)
	err = errors.Join(err, out.Sync(), out.Close(), f.file.Close())
	if err == nil {
		err = os.Rename(temporary, f.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("rewrite %s: %w", f.path, err), os.Remove(temporary))
	}
	f.syncName()
	f.file, err = os.OpenFile(f.path, os.O_RDWR, 0o666)
	f.size = size
	return err
}

// syncName makes the file's name durable.
func (f *File) syncName() {
	if dir, err := os.Open(filepath.Dir(f.path)); err == nil {
		_ = dir.Sync() // Windows cannot, and has no need to
		_ = dir.Close()
	}
}

func (f *File) copyWithout(items *indexset.Set, to io.Writer) (size int64, err error) {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(to, 256<<10)
	_, err = scan(f.file, func(r Record, from, end int64) error {
		if items.Has(r.Index) {
			return nil
		}
		size += end - from
		_, err := io.Copy(w, io.NewSectionReader(f.file, from, end-from))
		return err
	})
	return size, errors.Join(err, w.Flush())
}

// Begin prepares for writing: it sets room aside, so that the results of what is
// in flight have a place when the disk is full.
func (f *File) Begin() (err error) {
	if f.spare, err = newSpare(f.path + ".spare"); err != nil {
		return err
	}
	f.syncName()
	f.stop = make(chan struct{})
	f.syncing.Go(f.syncNowAndThen)
	return nil
}

// Write adds a line. The first error is that of a full disk, as a rule; the line
// is then written all the same, in the room that was set aside, as far as that
// goes: written tells. After an error no more calls should be made.
func (f *File) Write(line []byte) (written bool, err error) {
	err = f.write(line)
	if err != nil && f.full == nil {
		f.full = fmt.Errorf("write a result: %w", err)
		if err = f.spare.release(); err == nil {
			err = f.write(line)
		}
	}
	return err == nil, f.full
}

func (f *File) write(line []byte) error {
	if _, err := f.file.WriteAt(line, f.size); err != nil {
		return errors.Join(err, f.file.Truncate(f.size))
	}
	f.size += int64(len(line))
	return nil
}

func (f *File) syncNowAndThen() {
	ticker := time.NewTicker(syncEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := f.file.Sync(); err != nil && f.syncErr == nil {
				f.syncErr = err
			}
		case <-f.stop:
			return
		}
	}
}

// Close makes everything durable and closes the file.
func (f *File) Close() error {
	if f.stop != nil {
		close(f.stop)
		f.syncing.Wait()
		_ = f.spare.release()
	}
	return errors.Join(f.syncErr, f.file.Sync(), f.file.Close())
}
