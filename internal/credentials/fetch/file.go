package fetch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// ReadToken reads a file that holds a token of at most limit bytes. The platform
// replaces such a file from time to time, so it is read for each retrieval. The
// errors complete a sentence about the file.
func ReadToken(name string, limit int) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", unreadable(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	switch {
	case err != nil:
		return "", unreadable(err)
	case len(content) == 0:
		return "", errors.New("is empty")
	case len(content) > limit:
		return "", fmt.Errorf("is larger than %d KiB", limit>>10)
	}
	return string(content), nil
}

// CheckToken tells ahead of the first retrieval whether the file can be opened. Its
// error is that of [ReadToken].
func CheckToken(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return unreadable(err)
	}
	return file.Close()
}

// unreadable omits the name of the file, which the sentence has.
func unreadable(err error) error {
	var pathErr *fs.PathError
	if errtree.As(err, &pathErr) {
		err = pathErr.Err
	}
	return fmt.Errorf("cannot be read: %w", err)
}
