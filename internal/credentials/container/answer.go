package container

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

// answer is the endpoint's, whether it has credentials or a reason for having none.
type answer struct {
	accessKeyID, secretAccessKey, token string
	expiration                          string // RFC 3339; none: they do not expire
	code, message                       string
}

// readAnswer takes from body what it can. ok is false if that is not JSON, not
// an object, or has a member that should be a string and is something else. null
// says as much as nothing, wherever it stands.
func readAnswer(body []byte) (a answer, ok bool) {
	value, ok := jsonvalue.Parse(body)
	if !ok || string(value) == "null" {
		return answer{}, ok
	}
	ok = jsonvalue.IsObject(value)
	for name, member := range jsonvalue.Members(value) {
		field := a.field(name)
		if field == nil || string(member) == "null" {
			continue
		}
		if text, isText := member.Text(); isText {
			*field = text
		} else {
			ok = false
		}
	}
	return a, ok
}

// field returns what holds the member with this name, in whichever case; nil if
// nothing does.
func (a *answer) field(name []byte) *string {
	for _, f := range [...]struct {
		name string
		text *string
	}{
		{"AccessKeyId", &a.accessKeyID},
		{"SecretAccessKey", &a.secretAccessKey},
		{"Token", &a.token},
		{"Expiration", &a.expiration},
		{"code", &a.code},
		{"message", &a.message},
	} {
		if bytes.EqualFold(name, []byte(f.name)) {
			return f.text
		}
	}
	return nil
}

// StatusError is the answer of an endpoint that gave no credentials.
type StatusError struct {
	StatusCode int    // of HTTP; 200 if only the body says that there is an error
	Code       string // the endpoint's name for the error; may be empty
	Message    string // its explanation, shortened and without the token; may be empty
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

// parseAnswer returns the credentials of an answer, or its error, permanent
// unless the endpoint may have overcome it by the next attempt. What package time
// says is left out, because it quotes what it does not understand.
func parseAnswer(status int, body []byte, token string) (credentials.Credentials, error) {
	a, ok := readAnswer(body)
	refusal := &StatusError{StatusCode: status, Code: printable(a.code, token), Message: printable(a.message, token)}
	switch {
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return credentials.Credentials{}, refusal
	case status != http.StatusOK:
		return credentials.Credentials{}, backoff.Permanent(refusal)
	case len(body) > maxAnswer:
		return credentials.Credentials{}, malformed("is larger than 64 KiB")
	case !ok:
		return credentials.Credentials{}, malformed("is not the expected JSON")
	case a.accessKeyID == "" && a.code != "":
		return credentials.Credentials{}, backoff.Permanent(refusal)
	case a.accessKeyID == "" || a.secretAccessKey == "":
		return credentials.Credentials{}, malformed("lacks AccessKeyId or SecretAccessKey")
	}
	creds := credentials.Credentials{AccessKeyID: a.accessKeyID, SecretAccessKey: a.secretAccessKey, SessionToken: a.token}
	if a.expiration != "" {
		expires, err := time.Parse(time.RFC3339, a.expiration)
		if err != nil {
			return credentials.Credentials{}, malformed("has an Expiration that is no RFC 3339 time")
		}
		creds.Expires = expires
	}
	return creds, nil
}

func malformed(how string) error {
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
