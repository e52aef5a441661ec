package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/indexset"
)

// magic begins the header. The number is the format's.
const magic = "lambda-invoke-map 1 "

// Content is what a journal says.
type Content struct {
	// New says that there was no journal yet.
	New bool
	// Function is what the job calls.
	Function string
	// Started has the items that were sent, or may have been, finished or not.
	Started indexset.Set
	// Again has the items that are to be run again and were not started since. A
	// result that they have is from before.
	Again indexset.Set
	// Read is how far the input is known.
	Read Checkpoint
}

// ErrInUse says that another process has the journal open.
var ErrInUse = errors.New("another process is working on it")

// Open opens the journal at path, or makes one for a job that calls function,
// and takes it for this process until Close. A torn end is repaired.
func Open(path, function string) (*Journal, *Content, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (*Journal, *Content, error) {
		_ = f.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := lock(f); err != nil {
		return fail(err)
	}
	content, size, err := read(f)
	if err != nil {
		return fail(err)
	}
	info, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	if info.Size() > size {
		if err := f.Truncate(size); err != nil {
			return fail(err)
		}
	}
	if content.New {
		content.Function = function
		if size, err = writeHeader(f, function); err != nil {
			return fail(errors.Join(err, f.Truncate(0)))
		}
		syncDir(filepath.Dir(path))
	}
	return start(f, size), content, nil
}

// header is what the first line says beside the format.
type header struct {
	Function string `json:"function"`
}

func writeHeader(f *os.File, function string) (size int64, err error) {
	text, err := json.Marshal(header{Function: function})
	if err != nil {
		return 0, err
	}
	line := appendChecksum(append([]byte(magic), text...), 0)
	if _, err := f.WriteAt(line, 0); err != nil {
		return 0, err
	}
	return int64(len(line)), f.Sync()
}

// read returns what a journal says and how long it is without a torn end. A torn
// end was never synced, so no request has left on the strength of it. A line
// that is damaged in front of good ones is another matter, and an error.
func read(r io.Reader) (c *Content, size int64, err error) {
	c = new(Content)
	buf := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := buf.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		text, damaged := checked(line)
		if size == 0 {
			switch {
			case damaged != nil && err == io.EOF && strings.HasPrefix(magic, line[:min(len(line), len(magic))]):
				c.New = true // nothing, or a header that was cut short
				return c, 0, nil
			case damaged != nil || !strings.HasPrefix(text, magic):
				return nil, 0, errors.New("this is not the state of a job")
			}
			var h header
			if err := json.Unmarshal([]byte(text[len(magic):]), &h); err != nil {
				return nil, 0, fmt.Errorf("the state's first line: %w", err)
			}
			c.Function = h.Function
			size = int64(len(line))
			continue
		}
		if damaged != nil {
			return c, size, nothingGood(buf, size)
		}
		e, err := parseRecord(text)
		if err != nil {
			return nil, 0, fmt.Errorf("the state at byte %d: %w", size, err)
		}
		c.apply(e)
		size += int64(len(line))
	}
}

// nothingGood returns an error if a good line follows.
func nothingGood(buf *bufio.Reader, size int64) error {
	for {
		line, err := buf.ReadString('\n')
		if _, damaged := checked(line); damaged == nil {
			return fmt.Errorf("the state is damaged at byte %d, in front of good lines: it cannot tell what ran", size)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *Content) apply(e entry) {
	for _, index := range e.indexes {
		switch e.verb {
		case "start":
			c.Started.Add(index)
			c.Again.Remove(index)
		case "back":
			c.Started.Remove(index)
		case "again":
			c.Started.Remove(index)
			c.Again.Add(index)
		}
	}
	if e.read.Lines > c.Read.Lines {
		c.Read = e.read
	}
}
