// Package payload reads a payload in the forms in which people write one, and
// tells what is wrong with one that is not JSON.
package payload

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
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

// Check returns an error for a payload that the service would refuse because it
// is not JSON. It says what is wrong and where, and quotes nothing of the
// payload. Without a payload there is nothing to refuse.
func Check(payload []byte) error {
	if len(payload) == 0 {
		return nil
	}
	if !utf8.Valid(payload) {
		return fmt.Errorf("the payload is not JSON: the byte at offset %d is not UTF-8", invalidAt(payload))
	}
	var syntax *json.SyntaxError
	var value json.RawMessage
	err := json.Unmarshal(payload, &value)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax) && syntax.Offset < int64(len(payload)):
		return fmt.Errorf("the payload is not JSON: the error is at byte %d of %d", syntax.Offset, len(payload))
	default:
		return fmt.Errorf("the payload is not JSON: it ends too early, after %d bytes", len(payload))
	}
}

// invalidAt is where the first byte is that is not UTF-8.
func invalidAt(text []byte) int {
	for at := 0; ; {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}
