// Package journal keeps a job's state on disk, so that the job can be killed at
// any moment. What is about to be sent is on the disk before it is sent: an item
// that the journal does not call started did not run.
//
// The journal is a text file. After the header, a line is one of
//
//	start 0-7,12 read 13 <sum>   these items are about to be sent
//	back 12                      the item's request did not run the function
//	again 3,5                    these items, finished or not, are to be run
//	read 20 <sum>                the input was read up to here
//
// each with a checksum. "read" has how many lines of the input there were and
// their fingerprint. That an item is finished is not in the journal: its result
// is.
package journal

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
)

// Checkpoint is a place in the input.
type Checkpoint struct {
	// Lines is how many lines there are up to the place.
	Lines int
	// Sum is their fingerprint.
	Sum lines.Sum
}

// file is what a journal needs of an [os.File].
type file interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

// Journal is an open journal. All its methods but Close are safe for concurrent
// use.
type Journal struct {
	file   file
	size   int64
	queue  chan entry
	done   chan struct{}
	failed error // why nothing is written any more; the writer's own

	mu     sync.RWMutex // guards closed
	closed bool
	err    error // failed, once done is closed
}

// entry is something to write. With a nil written nobody waits for it.
type entry struct {
	verb    string
	indexes []int
	read    Checkpoint
	written chan error
}

// ErrClosed is returned for what comes after Close.
var ErrClosed = errors.New("the state is closed")

// start begins to write behind what is there.
func start(f file, size int64) *Journal {
	j := &Journal{file: f, size: size, queue: make(chan entry, 256), done: make(chan struct{})}
	go j.write()
	return j
}

// Start writes down that an item is about to be sent, and returns when that is
// on the disk. Calls at the same time share the wait. read is the place behind
// the item in the input. After an error the item must not be sent.
func (j *Journal) Start(index int, read Checkpoint) error {
	return j.put(entry{verb: "start", indexes: []int{index}, read: read}, true)
}

// Back writes down that a started item did not run. It does not wait for the
// disk: if that is lost, the item counts as started, which is less but no lie.
func (j *Journal) Back(index int) {
	_ = j.put(entry{verb: "back", indexes: []int{index}}, false)
}

// Again writes down that items are to be run, whatever became of them before,
// and returns when that is on the disk.
func (j *Journal) Again(indexes iter.Seq[int]) error {
	const atATime = 1000 // so that no line is without bounds
	for chunk := range chunks(indexes, atATime) {
		if err := j.put(entry{verb: "again", indexes: chunk}, true); err != nil {
			return err
		}
	}
	return nil
}

// Read writes down how far the input was read, and returns when that is on the
// disk.
func (j *Journal) Read(read Checkpoint) error {
	return j.put(entry{verb: "read", read: read}, true)
}

// Close writes what is left and closes the file, which lets another process
// have it. Its error is the first of all that were met in writing.
func (j *Journal) Close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
	}
	j.mu.Unlock()
	<-j.done
	return errors.Join(j.err, j.file.Close())
}

func (j *Journal) put(e entry, wait bool) error {
	if wait {
		e.written = make(chan error, 1)
	}
	j.mu.RLock()
	if j.closed {
		j.mu.RUnlock()
		return ErrClosed
	}
	j.queue <- e
	j.mu.RUnlock()
	if !wait {
		return nil
	}
	return <-e.written
}

// write takes all that is queued, writes it in one piece, makes it durable, and
// tells those who wait: the slower the disk, the more share its work.
func (j *Journal) write() {
	defer close(j.done)
	var batch []entry
	for e := range j.queue {
		batch = append(batch[:0], e)
	more:
		for len(batch) < cap(j.queue)*4 {
			select {
			case e, ok := <-j.queue:
				if !ok {
					break more
				}
				batch = append(batch, e)
			default:
				break more
			}
		}
		if j.failed == nil {
			j.failed = j.commit(batch)
		}
		for _, e := range batch {
			if e.written != nil {
				e.written <- j.failed
			}
		}
	}
	j.err = j.failed
}

// commit writes a batch. It waits for the disk if one of the batch does.
func (j *Journal) commit(batch []entry) error {
	var text []byte
	durable := false
	for i := 0; i < len(batch); {
		e := batch[i]
		durable = durable || e.written != nil
		i++
		// Items that start together make one line.
		for e.verb == "start" && i < len(batch) && batch[i].verb == "start" {
			e.indexes = append(e.indexes, batch[i].indexes...)
			if batch[i].read.Lines > e.read.Lines {
				e.read = batch[i].read
			}
			i++
			durable = true
		}
		slices.Sort(e.indexes)
		text = appendRecord(text, e)
	}
	if _, err := j.file.WriteAt(text, j.size); err != nil {
		// What was written of it would be repaired by the next start as well.
		return errors.Join(fmt.Errorf("write the state: %w", err), j.file.Truncate(j.size))
	}
	j.size += int64(len(text))
	if !durable {
		return nil
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("write the state to the disk: %w", err)
	}
	return nil
}

func chunks(all iter.Seq[int], n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		var chunk []int
		for index := range all {
			if chunk = append(chunk, index); len(chunk) == n {
				if !yield(chunk) {
					return
				}
				chunk = nil
			}
		}
		if len(chunk) > 0 {
			yield(chunk)
		}
	}
}

// syncDir makes a new name in a directory durable. Where a directory cannot be
// synced, as on Windows, the file system sees to that itself.
func syncDir(path string) {
	if dir, err := os.Open(path); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}
