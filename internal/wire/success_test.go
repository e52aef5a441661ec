package wire_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

const page = "<html>login</html>"

func TestASuccessIsTheServicesByItsHeadersOrItsBody(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		body   string
		want   bool
	}{
		"JSON":                                  {header("Content-Type", "application/json"), `{}`, true},
		"JSON without a content type":           {nil, `{}`, true},
		"JSON that is called HTML":              {header("Content-Type", "text/html; charset=utf-8"), ` "text"`, true},
		"a number that is called HTML":          {header("Content-Type", "text/html"), "12\n", true},
		"text with a request ID":                {header("Content-Type", "text/html; charset=utf-8", "X-Amzn-RequestId", "id"), "Simple Lambda happy path OK", true},
		"text that is called HTML":              {header("Content-Type", "text/html"), "Sign in to go on", false},
		"text without a content type":           {nil, "text", true},
		"any text":                              {header("Content-Type", "text/plain; charset=utf-8"), "<3 you & <foo>", true},
		"any bytes":                             {header("Content-Type", "application/octet-stream"), "\x00\xff<html>", true},
		"nothing":                               {nil, "", true},
		"nothing, called HTML":                  {header("Content-Type", "text/html"), "", true},
		"white space":                           {nil, " \n", true},
		"a page":                                {header("Content-Type", "text/html"), page, false},
		"a page in upper case":                  {header("Content-Type", "TEXT/HTML"), strings.ToUpper(page), false},
		"a page without a content type":         {nil, page, false},
		"a page with a content type of no form": {header("Content-Type", "text/html;;=; charset"), page, false},
		"a page that is called JSON":            {header("Content-Type", "application/json"), page, false},
		"a page that is called text":            {header("Content-Type", "text/plain"), "<!doctype html><p>", false},
		"XML that is called text":               {header("Content-Type", "text/plain"), `<?xml version="1.0"?><a/>`, false},
		"a page after white space":              {nil, "\r\n\t <!DOCTYPE html>", false},
		"a page after a byte order mark":        {nil, "\xef\xbb\xbf<html>", false},
		"a page in UTF-16":                      {header("Content-Type", "text/html"), "\xff\xfe<\x00h\x00t\x00m\x00l\x00", false},
		"a page in UTF-16, big endian":          {nil, "\xfe\xff\x00<\x00h\x00t\x00m\x00l", false},
		"a page after a comment":                {nil, "<!-- --><html>", false},
		"a page compressed":                     {header("Content-Type", "text/html", "Content-Encoding", "gzip"), "\x1f\x8b\x08", false},
		"XHTML":                                 {header("Content-Type", "application/xhtml+xml"), "login", false},
		"XML of another service":                {header("Content-Type", "application/xml", "X-Amz-Request-Id", "id"), "<ListBucketResult/>", false},
		"XML with a request ID":                 {header("Content-Type", "text/xml", "X-Amzn-RequestId", "id"), "<GetCallerIdentityResponse/>", false},
		"a custom runtime's page":               {header("Content-Type", "text/html", "X-Amz-Executed-Version", "$LATEST"), page, true},
		"a failed function's page":              {header("X-Amz-Function-Error", ""), page, true},
		"a durable function's page":             {header("X-Amz-Durable-Execution-Arn", "arn"), page, true},
		"a page with the log":                   {header("X-Amz-Log-Result", "eA=="), page, true},
	} {
		require.Equal(t, c.want, wire.IsServiceReply(c.header, []byte(c.body)), name)
	}
}

func TestAnUnexpectedResponseShowsItsBeginningWithoutSecrets(t *testing.T) {
	body := "<html>\x1b[31m\r\ntoken: s3cr3t " + strings.Repeat("x", 1<<20)
	err := wire.UnexpectedResponse(200, header("Content-Type", "text/html"), []byte(body), "s3cr3t")
	require.Equal(t, 200, err.StatusCode)
	require.Equal(t, "text/html", err.ContentType)
	require.Contains(t, err.Body, "<html> [31m token: [hidden] xxx")
	require.LessOrEqual(t, len(err.Body), 256+len("…"))

	err = wire.UnexpectedResponse(200, header("Content-Type", strings.Repeat("a/b;", 1<<10)), nil, "")
	require.LessOrEqual(t, len(err.ContentType), 256+len("…"))
}

func TestTheSuccessPathAllocatesNothing(t *testing.T) {
	h := header("Content-Type", "application/json", "X-Amz-Executed-Version", "$LATEST")
	body := []byte(`{}`)
	require.Zero(t, testing.AllocsPerRun(100, func() { wire.IsServiceReply(h, body) }))
}

// FuzzIsServiceReply shows that no body makes the rule fail, and that what a managed runtime returns is always accepted.
func FuzzIsServiceReply(f *testing.F) {
	for _, contentType := range []string{"text/html", "text/plain", "application/json", "application/xhtml+xml", "", ";", "TEXT/xml; charset"} {
		for _, body := range []string{page, `{}`, `"x"`, "\xef\xbb\xbf<", "<!DOCTYPE html", "text", ""} {
			f.Add(contentType, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		h := http.Header{"Content-Type": {contentType}}
		got := wire.IsServiceReply(h, body)
		require.Equal(t, got, wire.IsServiceReply(h, body))
		if len(body) > 0 && strings.IndexByte(`{["`, body[0]) >= 0 {
			require.True(t, got, "%q", body)
		}
		if strings.HasPrefix(string(body), "<html>") {
			require.False(t, got, "%q", contentType)
		}
		h["X-Amz-Executed-Version"] = []string{"1"}
		require.True(t, wire.IsServiceReply(h, body))
	})
}
