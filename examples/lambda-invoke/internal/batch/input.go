package batch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/journal"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
)

// input is where the items come from.
type input struct {
	file *os.File
	from int64 // where it began
	size int64 // how long it is, 0 if that is not known
	tail *os.File
}

// openInput opens path, stdin for "-".
func openInput(path string, stdin *os.File) (*input, error) {
	in := &input{file: stdin}
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		in.file = f
	}
	info, err := in.file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case info.Mode().IsRegular():
		if in.from, err = in.file.Seek(0, io.SeekCurrent); err != nil {
			return nil, err
		}
		in.size = max(info.Size()-in.from, 1)
	}
	return in, nil
}

// reader returns the items from the first on, or with skip from behind read,
// once it has made sure that they are those of which the state is. A pipe is
// kept in a file in dir for that.
func (in *input) reader(read journal.Checkpoint, skip bool, dir string) (*lines.Reader, error) {
	if read.Lines == 0 {
		return lines.NewReader(in.file), nil
	}
	var source io.Reader = in.file
	if !skip && in.size == 0 {
		kept, err := os.CreateTemp(dir, ".lambda-invoke-input-*")
		if err != nil {
			return nil, err
		}
		in.tail = kept
		_ = os.Remove(kept.Name()) // so that nothing is left of it when the process is killed; Windows waits for close
		source = io.TeeReader(in.file, kept)
	}
	r := lines.NewReader(source)
	sum, err := r.Skip(read.Lines)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("this is not the input that the results are of: it has fewer than the %d lines that were read of that", read.Lines)
	case err != nil:
		return nil, fmt.Errorf("read the input: %w", err)
	case sum != read.Sum:
		return nil, fmt.Errorf("this is not the input that the results are of: among the first %d lines, some differ", read.Lines)
	case skip:
		return r, nil
	case in.tail == nil:
		_, err = in.file.Seek(in.from, io.SeekStart)
		return lines.NewReader(in.file), err
	}
	_, err = in.tail.Seek(0, io.SeekStart)
	return lines.NewReader(io.MultiReader(in.tail, in.file)), err
}

// close removes what was kept.
func (in *input) close() {
	if in.tail != nil {
		_ = in.tail.Close()
		_ = os.Remove(in.tail.Name())
	}
	_ = in.file.Close()
}

// dirOf is the directory of the results.
func dirOf(path string) string { return filepath.Dir(path) }
