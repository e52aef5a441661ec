package container

import (
	"bytes"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
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

// parseAnswer returns the credentials of an answer, or its error, permanent
// unless the endpoint may have overcome it by the next attempt. What package time
// says is left out, because it quotes what it does not understand.
func parseAnswer(status int, body []byte, token string) (credentials.Credentials, error) {
	a, ok := readAnswer(body)
	refusal := fetch.NewStatusError(status, a.code, a.message, token)
	switch {
	case fetch.Temporary(status):
		return credentials.Credentials{}, refusal
	case status != http.StatusOK:
		return credentials.Credentials{}, backoff.Permanent(refusal)
	case len(body) > fetch.MaxAnswer:
		return credentials.Credentials{}, fetch.Malformed("is larger than 64 KiB")
	case !ok:
		return credentials.Credentials{}, fetch.Malformed("is not the expected JSON")
	case a.accessKeyID == "" && a.code != "":
		return credentials.Credentials{}, backoff.Permanent(refusal)
	case a.accessKeyID == "" || a.secretAccessKey == "":
		return credentials.Credentials{}, fetch.Malformed("lacks AccessKeyId or SecretAccessKey")
	}
	creds := credentials.Credentials{AccessKeyID: a.accessKeyID, SecretAccessKey: a.secretAccessKey, SessionToken: a.token}
	if a.expiration != "" {
		expires, err := time.Parse(time.RFC3339, a.expiration)
		if err != nil {
			return credentials.Credentials{}, fetch.Malformed("has an Expiration that is no RFC 3339 time")
		}
		creds.Expires = expires
	}
	return creds, nil
}
