package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	smithy "github.com/aws/smithy-go"
	"github.com/cenkalti/backoff/v4"
)

// StatusError is the answer of an endpoint that gave no credentials. To callers it
// is a [smithy.APIError].
type StatusError struct {
	StatusCode int    // of HTTP; 200 if only the body says that there is an error
	Code       string // the endpoint's name for the error; may be empty
	Message    string // its explanation, shortened and without the token; may be empty
}

var _ smithy.APIError = (*StatusError)(nil)

// NewStatusError makes code and message fit for an error. token, which is a secret,
// is redacted in them.
func NewStatusError(status int, code, message, token string) *StatusError {
	return &StatusError{StatusCode: status, Code: printable(code, token), Message: printable(message, token)}
}

// Error says the status and what the endpoint said.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("status %d", e.StatusCode)
	for _, s := range []string{e.Code, e.Message} {
		if s != "" {
			text += ": " + s
		}
	}
	return text
}

// ErrorCode is Code if that is one word, as codes are. Logs and metrics have it.
func (e *StatusError) ErrorCode() string {
	const longest = 64
	notInWord := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '_' && r != '-'
	}
	if e.Code == "" || len(e.Code) > longest || strings.ContainsFunc(e.Code, notInWord) {
		return "UnknownError"
	}
	return e.Code
}

// ErrorMessage is Message.
func (e *StatusError) ErrorMessage() string { return e.Message }

// ErrorFault tells whose the error is by the status.
func (e *StatusError) ErrorFault() smithy.ErrorFault {
	switch {
	case e.StatusCode >= http.StatusInternalServerError:
		return smithy.FaultServer
	case e.StatusCode >= http.StatusBadRequest:
		return smithy.FaultClient
	default:
		return smithy.FaultUnknown
	}
}

// Temporary reports whether the endpoint may answer otherwise the next time.
func Temporary(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// Malformed is the error of an answer that makes no sense, and permanent. how
// completes the sentence "the answer …".
func Malformed(how string) error {
	return backoff.Permanent(errors.New("the answer " + how))
}

// printable makes the endpoint's words fit for an error: one line, not long,
// and without the token, which an endpoint might repeat to say that it is wrong.
func printable(s, token string) string {
	const most = 256
	for _, part := range append([]string{token}, strings.Fields(token)...) {
		if len(part) >= 8 || part != "" && part == token { // not "Bearer"
			s = strings.ReplaceAll(s, part, "[redacted]")
		}
	}
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
