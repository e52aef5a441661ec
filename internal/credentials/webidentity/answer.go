package webidentity

import (
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

// answer is that of STS: credentials, or a reason for having none.
type answer struct {
	accessKeyID, secretAccessKey, sessionToken string
	expiration                                 string // RFC 3339
	code, message                              string
}

// set takes the text of an element, which stands directly in another.
func (a *answer) set(parent, name, text string) {
	switch parent + "/" + name {
	case "Credentials/AccessKeyId":
		a.accessKeyID = text
	case "Credentials/SecretAccessKey":
		a.secretAccessKey = text
	case "Credentials/SessionToken":
		a.sessionToken = text
	case "Credentials/Expiration":
		a.expiration = text
	case "Error/Code":
		a.code = text
	case "Error/Message":
		a.message = text
	}
}

// parseAnswer returns the credentials of an answer, or its error, permanent unless
// STS may answer otherwise at the next attempt. What package time says is left out,
// because it quotes what it does not understand.
func parseAnswer(status int, body []byte, token string) (credentials.Credentials, error) {
	var a answer
	ok := scan(body, a.set)
	refusal := fetch.NewStatusError(status, a.code, a.message, token)
	switch {
	case fetch.Temporary(status) || retryable(a.code):
		return credentials.Credentials{}, refusal
	case status != http.StatusOK:
		return credentials.Credentials{}, backoff.Permanent(refusal)
	case len(body) > fetch.MaxAnswer:
		return credentials.Credentials{}, fetch.Malformed("is larger than 64 KiB")
	case !ok:
		return credentials.Credentials{}, fetch.Malformed("is not the expected XML")
	case a.accessKeyID == "" || a.secretAccessKey == "" || a.sessionToken == "":
		return credentials.Credentials{}, fetch.Malformed("lacks AccessKeyId, SecretAccessKey or SessionToken")
	}
	expires, err := time.Parse(time.RFC3339, a.expiration)
	if err != nil {
		return credentials.Credentials{}, fetch.Malformed("has an Expiration that is no RFC 3339 time")
	}
	return credentials.Credentials{
		AccessKeyID: a.accessKeyID, SecretAccessKey: a.secretAccessKey, SessionToken: a.sessionToken, Expires: expires,
	}, nil
}

// retryable tells of the codes that may pass though their status is 400: STS could
// not reach the identity provider or does not know its new key yet, or throttles.
func retryable(code string) bool {
	switch code {
	case "IDPCommunicationError", "InvalidIdentityToken", "Throttling", "ThrottlingException", "RequestThrottled", "RequestLimitExceeded":
		return true
	}
	return false
}
