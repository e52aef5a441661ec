package container

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

const maxToken = 16 << 10

// token returns what to send as Authorization, "" for nothing. The platform
// replaces the file from time to time, so it is read each time.
func (cfg Config) token() (string, error) {
	if cfg.AuthTokenFile == "" {
		return cfg.AuthToken, nil
	}
	token, err := readToken(cfg.AuthTokenFile)
	if err != nil {
		return "", cfg.tokenFileError(err)
	}
	return token, nil
}

// checkToken checks what can be checked before the first retrieval: the token
// itself, or whether its file can be opened.
func (cfg Config) checkToken() error {
	if cfg.AuthTokenFile == "" {
		if err := checkToken(cfg.AuthToken); err != nil {
			return fmt.Errorf("%s %w", EnvAuthToken, err)
		}
		return nil
	}
	file, err := os.Open(cfg.AuthTokenFile)
	if err != nil {
		return cfg.tokenFileError(unreadable(err))
	}
	return file.Close()
}

func (cfg Config) tokenFileError(err error) error {
	return fmt.Errorf("the authorization token file %s (%s) %w", cfg.AuthTokenFile, EnvAuthTokenFile, err)
}

// readToken reads a token; its errors complete a sentence about the file.
func readToken(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", unreadable(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxToken+1))
	switch token := string(content); {
	case err != nil:
		return "", unreadable(err)
	case token == "":
		return "", errors.New("is empty")
	case len(token) > maxToken:
		return "", fmt.Errorf("is larger than %d KiB", maxToken>>10)
	default:
		return token, checkToken(token)
	}
}

// unreadable omits the name of the file, which the sentence has.
func unreadable(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// checkToken refuses a token that would end its header line and begin another.
func checkToken(token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return errors.New("holds a line break or another control character")
	}
	return nil
}
