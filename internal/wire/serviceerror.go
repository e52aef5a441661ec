package wire

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Bounds, in bytes, on what is kept of a reply that the service, or anything between, answered with.
const (
	bodyLimit    = 64 << 10 // read at all
	messageLimit = 1 << 10  // kept of a message
	previewLimit = 256      // kept of a body that is not an error as the service writes it
)

// retryAfterLimit is the longest wait that a Retry-After header may ask for; a longer one is ignored.
const retryAfterLimit = 24 * time.Hour

// ServiceError makes the error that a reply outside 2xx stands for: the documented exception that its code names, else a bare
// *errors.LambdaServiceException. It is never nil. Of a long body only the beginning is read. status is 0 for an exception that came
// inside an event stream; its code goes into header.
//
// secret is what no message may show, "" for nothing. The service answers a signature that it refuses with what it would have signed,
// and with that comes the session token.
func ServiceError(status int, header http.Header, body []byte, secret string) error {
	body = bytes.TrimSpace(body[:min(len(body), bodyLimit)])
	var room [usualMembers]member
	members := readObject(room[:0], body)
	base := errors.LambdaServiceException{
		Code:       errorCode(status, header, members, body),
		Message:    bounded(without(secret, members.text("message", "errorMessage")), messageLimit),
		Type:       printable.Text(members.text("Type"), identifierLimit),
		StatusCode: status,
		RequestID:  RequestID(header),
	}
	notService := base.Code == "" || base.Code == errors.CodeFunctionReply
	if base.Code == "" {
		base.Code = errors.CodeUnknown
		if status/100 == 3 && Value(header, headerLocation) != "" {
			base.Message = redirection(header)
		}
	}
	if notService && base.Message == "" { // a proxy's page
		base.Message = printable.Text(without(secret, string(body)), previewLimit)
	}
	return withMembers(exception(base), header, members)
}

// bounded returns the first limit bytes of text, less a character that would be cut, and an ellipsis; all of it if it is not longer.
func bounded(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

// without replaces a secret in a text. It comes before any truncation, which could leave the beginning of the secret.
func without(secret, text string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, secret, "[hidden]")
}

// exception gives base the type that its code names.
func exception(base errors.LambdaServiceException) error {
	if documented, ok := errors.LookupException(base.Code); ok {
		return documented.New(base)
	}
	bare := base // so that base need not be on the heap above
	bare.Fault = bare.ErrorFault()
	return &bare
}

// redirection says where a redirect leads, which is never followed: the event would go there a second time.
func redirection(header http.Header) string {
	target, err := url.Parse(Value(header, headerLocation))
	if err != nil || target.Host == "" {
		return "the endpoint redirects, which is not followed: is it the right one?"
	}
	return "the endpoint redirects to " + printable.Text(target.Host, previewLimit) + ", which is not followed: is it the right one?"
}

// withMembers fills in what only some exceptions have, and returns err.
func withMembers(err error, header http.Header, members object) error {
	switch e := err.(type) { //nolint:errorlint // made by the caller and not wrapped
	case *errors.TooManyRequestsException:
		e.Reason = errors.ThrottleReason(printable.Text(members.text("Reason"), identifierLimit))
		e.RetryAfter = retryAfter(Value(header, HeaderRetryAfter))
		if e.RetryAfter == 0 {
			e.RetryAfter = retryAfter(strings.Trim(string(members.get("retryAfterSeconds")), `"`))
		}
	case *errors.EC2UnexpectedException:
		e.EC2ErrorCode = printable.Text(members.text("EC2ErrorCode"), identifierLimit)
	}
	return err
}

// errorCode returns the first code that header and body name, "" if none does.
//
// A body that has a function error's members was written by the function (AWS's runtime interface emulator passes them on with a 502).
// Its other members are the function's own, so a "code" among them is not the service's and does not prove that nothing ran. An object
// that is cut off may have those members in the part that is missing, and is taken for the function's as well: the service itself names
// its code in the header.
//
// A reply with the header of a failed function is the function's, whatever its status and body. A reply with the header of the version
// that ran is the function's where it has no code in its header.
func errorCode(status int, header http.Header, members object, body []byte) string {
	ran := FunctionErrorKind(header) != ""
	if code := sanitizeCode(Value(header, HeaderErrorType)); code != "" && !ran {
		return code
	}
	ran = ran || Value(header, HeaderExecutedVersion) != ""
	_, whole := jsonvalue.Parse(body)
	whole = whole && len(members) < maxMembers
	if ran || members.get("errorMessage") != nil || members.get("errorType") != nil || !whole && jsonvalue.IsObject(body) {
		if status < 500 {
			return errors.CodeFunctionReply
		}
		return ""
	}
	for _, name := range [...]string{"code", "__type"} {
		if code := sanitizeCode(members.text(name)); code != "" {
			if !fits(code, status) {
				return ""
			}
			return code
		}
	}
	return ""
}

// fits reports whether the service uses a code with this status. A code that is not in a header, and says that nothing ran, counts only
// with such a status: an emulator may pass on the error of a custom runtime, which may hold any code.
func fits(code string, status int) bool {
	if status == 0 { // inside a stream: there is none
		return true
	}
	if documented, ok := errors.LookupException(code); ok {
		return documented.StatusCode == status
	}
	return status < 500 || status == http.StatusServiceUnavailable || !errors.IsThrottleCode(code)
}

// sanitizeCode takes the URI off the end of a code and the namespace off its beginning.
func sanitizeCode(code string) string {
	code, _, _ = strings.Cut(code, ":")
	code = code[strings.LastIndexByte(code, '#')+1:]
	return printable.Text(code, identifierLimit)
}

// retryAfter reads a number of seconds. It returns 0 for what is not a number, not positive, or over retryAfterLimit.
func retryAfter(seconds string) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(seconds), 10, 32)
	if wait := time.Duration(n) * time.Second; err == nil && n > 0 && wait <= retryAfterLimit {
		return wait
	}
	return 0
}
