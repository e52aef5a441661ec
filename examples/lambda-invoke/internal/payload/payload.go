// Package payload reads a payload in the forms in which people write one, and
// tells what is wrong with one that is not JSON.
package payload

import (
	"fmt"
	"io"
	"os"
	"strings"

	diagnosis "github.com/lambda-invoke/lambda-invoke-go/internal/payload"
)

// Read returns the payload that an argument stands for: @path, file://path and
// fileb://path are the file's content, - is stdin's, and anything else is the
// payload itself.
func Read(argument string, stdin io.Reader) ([]byte, error) {
	if argument == "-" {
		return ReadFile("-", stdin)
	}
	for _, prefix := range [...]string{"@", "fileb://", "file://"} {
		if path, ok := strings.CutPrefix(argument, prefix); ok {
			return ReadFile(path, stdin)
		}
	}
	return []byte(argument), nil
}

// ReadFile returns the content of a file, stdin's for "-".
func ReadFile(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		content, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read the payload from standard input: %w", err)
		}
		return content, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the payload: %w", err)
	}
	return content, nil
}

// Check returns an error for a payload that every runtime refuses because it is
// no JSON in UTF-8. It says what is wrong and where, and quotes nothing of the
// payload. Without a payload there is nothing to refuse.
func Check(payload []byte) error {
	if problem := diagnosis.Check(payload); problem.Invalid() {
		return fmt.Errorf("the payload %s", problem)
	}
	return nil
}
