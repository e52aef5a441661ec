package container

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

const maxToken = 16 << 10

// token returns what to send as Authorization, "" for nothing.
func (cfg Config) token() (string, error) {
	if cfg.AuthTokenFile == "" {
		return cfg.AuthToken, nil
	}
	token, err := fetch.ReadToken(cfg.AuthTokenFile, maxToken)
	if err == nil {
		err = checkToken(token)
	}
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
	if err := fetch.CheckToken(cfg.AuthTokenFile); err != nil {
		return cfg.tokenFileError(err)
	}
	return nil
}

func (cfg Config) tokenFileError(err error) error {
	return fmt.Errorf("the authorization token file %s (%s) %w", cfg.AuthTokenFile, EnvAuthTokenFile, err)
}

// checkToken refuses a token that would end its header line and begin another.
func checkToken(token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return errors.New("holds a line break or another control character")
	}
	return nil
}
