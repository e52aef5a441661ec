package wire

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// IsServiceReply reports whether a reply with a status of success can be the service's, or an emulator's. body is the whole of it. The
// answer is false for a page that something between sent: a captive portal, a proxy, a load balancer, another service.
//
// The rule, in order:
//
//  1. A header that only Lambda has makes the reply Lambda's, whatever the function returned.
//  2. A reply without a body is accepted. The service itself answers Event and DryRun so.
//  3. A body that begins as markup is not accepted. It cannot be JSON, which every managed runtime returns. In text/plain, only
//     what net/http recognises as HTML or XML counts: AWS's runtime interface emulator leaves the content type to net/http, so that any
//     other body may be a custom runtime's.
//  4. A body that the content type calls HTML or XML has to be JSON, or to come with a request ID. Emulators label JSON so
//     (serverless-offline) and plain text (moto, which sends a request ID).
//  5. Everything else is accepted: emulators send no header that would tell.
func IsServiceReply(header http.Header, body []byte) bool {
	if hasLambdaHeader(header) || len(body) == 0 {
		return true
	}
	switch mediaType := mediaType(header); {
	case mediaType == "text/plain":
		return !isMarkupType(http.DetectContentType(body))
	case beginsAsMarkup(body):
		return false
	case isMarkupType(mediaType):
		return beginsAsJSON(body) || RequestID(header) != ""
	}
	return true
}

// IsEventStream reports whether the content type is that of a response stream.
func IsEventStream(header http.Header) bool { return mediaType(header) == ContentTypeEventStream }

// UnexpectedResponse makes the error of a reply with a status of success that is not the service's. body is the beginning of its body.
// secret is what the error may not show, "" for nothing.
func UnexpectedResponse(status int, header http.Header, body []byte, secret string) *errors.UnexpectedResponseError {
	return &errors.UnexpectedResponseError{
		StatusCode:  status,
		ContentType: bounded(Value(header, HeaderContentType), previewLimit),
		Body:        printable.Text(without(secret, string(body[:min(len(body), bodyLimit)])), previewLimit),
		RequestID:   RequestID(header),
	}
}

// hasLambdaHeader reports whether header has one that Lambda sends and other services of AWS do not.
func hasLambdaHeader(header http.Header) bool {
	for _, name := range [...]string{HeaderExecutedVersion, HeaderFunctionError, HeaderDurableExecutionArn, HeaderLogResult} {
		if len(header[name]) > 0 {
			return true
		}
	}
	return false
}

// mediaType returns the content type without its parameters, in lower case; what is not valid as it stands.
func mediaType(header http.Header) string {
	value := Value(header, HeaderContentType)
	if parsed, _, err := mime.ParseMediaType(value); err == nil {
		return parsed
	}
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}

// isMarkupType reports whether a content type in lower case is that of HTML or XML.
func isMarkupType(contentType string) bool {
	contentType, _, _ = strings.Cut(contentType, ";")
	switch contentType {
	case "text/html", "text/xml", "application/xml":
		return true
	}
	return strings.HasSuffix(contentType, "+xml")
}

// beginsAsMarkup reports whether the first character of body is <, after white space and the byte order mark of any encoding.
func beginsAsMarkup(body []byte) bool {
	text := body[:min(len(body), bodyLimit)]
	for _, mark := range [...]string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		text = bytes.TrimPrefix(text, []byte(mark))
	}
	text = bytes.TrimLeft(text, " \t\r\n\v\f\x00") // in UTF-16, half of every ASCII character is NUL
	return len(text) > 0 && text[0] == '<'
}

// beginsAsJSON reports whether body begins as an object, an array or a string, or is another JSON value.
func beginsAsJSON(body []byte) bool {
	text := bytes.TrimLeft(body, " \t\r\n")
	if len(text) > 0 && bytes.IndexByte([]byte(`{["`), text[0]) >= 0 {
		return true
	}
	_, ok := jsonvalue.Check(text)
	return ok
}
