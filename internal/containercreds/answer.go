package containercreds

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v4"
)

// answer is the endpoint's, whether it has credentials or a reason for having none.
type answer struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string `json:"SecretAccessKey"`
	Token           string `json:"Token"`
	Expiration      string `json:"Expiration"` // RFC 3339; none: they do not expire
	Code            string `json:"code"`
	Message         string `json:"message"`
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
// unless the endpoint may have overcome it by the next attempt. What encoding/json
// and time say is left out, because they quote what they do not understand.
func parseAnswer(status int, body []byte, token string) (Credentials, error) {
	var a answer
	jsonErr := json.Unmarshal(body, &a)
	refusal := &StatusError{StatusCode: status, Code: printable(a.Code, token), Message: printable(a.Message, token)}
	switch {
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return Credentials{}, refusal
	case status != http.StatusOK:
		return Credentials{}, backoff.Permanent(refusal)
	case len(body) > maxAnswer:
		return Credentials{}, malformed("is larger than 64 KiB")
	case jsonErr != nil:
		return Credentials{}, malformed("is not the expected JSON")
	case a.AccessKeyID == "" && a.Code != "":
		return Credentials{}, backoff.Permanent(refusal)
	case a.AccessKeyID == "" || a.SecretAccessKey == "":
		return Credentials{}, malformed("lacks AccessKeyId or SecretAccessKey")
	}
	creds := Credentials{AccessKeyID: a.AccessKeyID, SecretAccessKey: a.SecretAccessKey, SessionToken: a.Token}
	if a.Expiration != "" {
		expires, err := time.Parse(time.RFC3339, a.Expiration)
		if err != nil {
			return Credentials{}, malformed("has an Expiration that is no RFC 3339 time")
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
