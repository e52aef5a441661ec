package sigv4_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

const testRegion, testService = "eu-west-1", "lambda"

func testTime() time.Time { return time.Date(2026, 2, 3, 23, 59, 58, 0, time.UTC) }

func testCredentials() *sigv4.Credentials {
	return &sigv4.Credentials{AccessKeyID: "AKIDTEST", SecretAccessKey: "topsecret", SessionToken: "token/+="}
}

// invokeRequest is a request as an Invoke makes it, for a function with an alias.
func invokeRequest(tb testing.TB, body string) *http.Request {
	tb.Helper()
	const target = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/f%3Alive/invocations?Qualifier=%24LATEST"
	req, err := http.NewRequest(http.MethodPost, target, strings.NewReader(body))
	require.NoError(tb, err)
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("User-Agent", "lambda-invoke-go/0")
	req.Header.Set("Amz-Sdk-Invocation-Id", "6d4a6c5e-3f0b-4d5c-8a86-8f5c5f8f0a11")
	req.Header.Set("Amz-Sdk-Request", "attempt=1; max=3")
	req.Header.Set("X-Amz-Invocation-Type", "RequestResponse")
	req.Header.Set("X-Amz-Tenant-Id", "  two  spaces ")
	return req
}

func sign(tb testing.TB, signer *sigv4.Signer, req *http.Request, body string, creds *sigv4.Credentials, at time.Time) {
	tb.Helper()
	require.NoError(tb, signer.Sign(req, creds, sigv4.PayloadHash([]byte(body)), testService, testRegion, at))
}

// authorization signs a fresh request and returns its Authorization header.
func authorization(tb testing.TB, signer *sigv4.Signer, creds *sigv4.Credentials, at time.Time) string {
	tb.Helper()
	req := invokeRequest(tb, "{}")
	sign(tb, signer, req, "{}", creds, at)
	return req.Header.Get("Authorization")
}

func signedHeaders(req *http.Request) string {
	_, list, _ := strings.Cut(req.Header.Get("Authorization"), "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	return list
}

func TestSignSignsWhatTheRequestHoldsAndSendsItAsItIs(t *testing.T) {
	req := invokeRequest(t, "{}")
	req.Header.Set("X-Amzn-Trace-Id", "Root=1")
	req.Header.Set("Expect", "100-continue")
	req.Header.Set("Transfer-Encoding", "chunked")
	req.Header.Set("Host", "not.sent.example")
	req.Header.Set("Content-Length", "999")
	req.Header["X-Never-Sent"] = nil
	query, path := req.URL.RawQuery, req.URL.RawPath

	sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())

	require.Equal(t, "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"+
		"x-amz-date;x-amz-invocation-type;x-amz-security-token;x-amz-tenant-id", signedHeaders(req))
	require.Equal(t, []string{"  two  spaces "}, req.Header["X-Amz-Tenant-Id"])
	require.Equal(t, []string{"token/+="}, req.Header["X-Amz-Security-Token"])
	require.Equal(t, []string{"20260203T235958Z"}, req.Header["X-Amz-Date"])
	require.Equal(t, query, req.URL.RawQuery)
	require.Equal(t, path, req.URL.RawPath)
}

func TestSignLeavesAnEmptyBodysLengthOut(t *testing.T) {
	req := invokeRequest(t, "")
	sign(t, new(sigv4.Signer), req, "", testCredentials(), testTime())
	require.NotContains(t, signedHeaders(req), "content-length")
}

func TestSignConvertsTheTimeToUTC(t *testing.T) {
	var signer sigv4.Signer
	there := testTime().In(time.FixedZone("UTC+9", 9*60*60))
	require.Equal(t, authorization(t, &signer, testCredentials(), testTime()), authorization(t, &signer, testCredentials(), there))
}

func TestSignDatesAsPackageTimeDoes(t *testing.T) {
	var signer sigv4.Signer
	for _, at := range []time.Time{
		time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(999, 10, 9, 8, 7, 6, 5, time.UTC),
		time.Date(2024, 2, 29, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2027, 1, 1, 3, 0, 0, 0, time.FixedZone("UTC+9", 9*60*60)), // the year before
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		req := invokeRequest(t, "{}")
		sign(t, &signer, req, "{}", testCredentials(), at)
		require.Equal(t, at.UTC().Format("20060102T150405Z"), req.Header.Get("X-Amz-Date"))
	}
	for _, year := range []int{-1, 10_000} {
		err := signer.Sign(invokeRequest(t, "{}"), testCredentials(), sigv4.PayloadHash([]byte("{}")), testService, testRegion, time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC))
		require.ErrorContains(t, err, "years 0 to 9999")
	}
}

func TestSigningAgainReplacesTheEarlierSignature(t *testing.T) {
	var signer sigv4.Signer
	later := testTime().Add(time.Hour)
	longLived := &sigv4.Credentials{AccessKeyID: "AKIDOTHER", SecretAccessKey: "other"}

	req := invokeRequest(t, "{}")
	sign(t, &signer, req, "{}", testCredentials(), testTime())
	kept := req.Header["Authorization"]
	keptText := kept[0]

	for _, creds := range []*sigv4.Credentials{testCredentials(), longLived, testCredentials()} {
		sign(t, &signer, req, "{}", creds, later)
		require.Equal(t, []string{authorization(t, &signer, creds, later)}, req.Header["Authorization"])
		require.Equal(t, []string{"20260204T005958Z"}, req.Header["X-Amz-Date"])
		if creds.SessionToken == "" {
			require.NotContains(t, req.Header, "X-Amz-Security-Token")
		} else {
			require.Equal(t, []string{creds.SessionToken}, req.Header["X-Amz-Security-Token"])
		}
	}
	require.Equal(t, keptText, kept[0], "the values of an earlier attempt are not written over")
}

func TestSignedHostIsTheSentOne(t *testing.T) {
	for _, c := range []struct{ name, scheme, urlHost, host, want string }{
		{"from the URL", "https", "example.com", "", ""},
		{"from the request", "https", "10.0.0.1:8443", "example.com", "example.com"},
		{"default port of https", "https", "example.com:443", "", "example.com"},
		{"default port of http", "http", "example.com:80", "", "example.com"},
		{"default port in the request's host", "https", "10.0.0.1", "example.com:443", "example.com"},
		{"default port of the other scheme", "http", "example.com:443", "", ""},
		{"other port", "http", "127.0.0.1:9001", "", ""},
		{"IPv6", "http", "[::1]:9001", "", ""},
		{"IPv6 with a zone", "http", "[fe80::1%eth0]:9001", "", "[fe80::1]:9001"},
		{"IPv6 with default port", "https", "[::1]:443", "", "[::1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &http.Request{Method: "POST", URL: &url.URL{Scheme: c.scheme, Host: c.urlHost, Path: "/"}, Host: c.host}
			sign(t, new(sigv4.Signer), req, "", testCredentials(), testTime())
			require.Equal(t, c.want, req.Host)
			require.Equal(t, c.urlHost, req.URL.Host, "the address to dial stays")

			sent := req.Clone(t.Context())
			sent.URL.Scheme = "" // as a server sees it
			require.NoError(t, sigv4.Verify(sent, nil, lookupTest, testTime(), 0))
		})
	}
}

func TestSignRefusesIncompleteInput(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(req **http.Request, creds **sigv4.Credentials, hash, service, region *string, at *time.Time)
		want   string
	}{
		{"no request", func(r **http.Request, _ **sigv4.Credentials, _, _, _ *string, _ *time.Time) { *r = nil }, "no request"},
		{"no URL", func(r **http.Request, _ **sigv4.Credentials, _, _, _ *string, _ *time.Time) { (*r).URL = nil }, "without a URL"},
		{"no host", func(r **http.Request, _ **sigv4.Credentials, _, _, _ *string, _ *time.Time) {
			(*r).Host, (*r).URL.Host = "", ":443"
		}, "no host"},
		{"malformed query", func(r **http.Request, _ **sigv4.Credentials, _, _, _ *string, _ *time.Time) {
			(*r).URL.RawQuery = "private=%zz"
		}, "query"},
		{"cut-off query", func(r **http.Request, _ **sigv4.Credentials, _, _, _ *string, _ *time.Time) {
			(*r).URL.RawQuery = "private%2"
		}, "query"},
		{"no credentials", func(_ **http.Request, c **sigv4.Credentials, _, _, _ *string, _ *time.Time) { *c = nil }, "credentials"},
		{"no key ID", func(_ **http.Request, c **sigv4.Credentials, _, _, _ *string, _ *time.Time) { (*c).AccessKeyID = "" }, "access key ID"},
		{"no secret", func(_ **http.Request, c **sigv4.Credentials, _, _, _ *string, _ *time.Time) {
			(*c).SecretAccessKey = ""
		}, "secret access key"},
		{"no hash", func(_ **http.Request, _ **sigv4.Credentials, h, _, _ *string, _ *time.Time) { *h = "" }, "payload hash"},
		{"no service", func(_ **http.Request, _ **sigv4.Credentials, _, s, _ *string, _ *time.Time) { *s = "" }, "service"},
		{"no region", func(_ **http.Request, _ **sigv4.Credentials, _, _, r *string, _ *time.Time) { *r = "" }, "region"},
		{"year 10000", func(_ **http.Request, _ **sigv4.Credentials, _, _, _ *string, at *time.Time) {
			*at = at.AddDate(8000, 0, 0)
		}, "time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, creds := invokeRequest(t, ""), testCredentials()
			hash, service, region, at := sigv4.PayloadHash(nil), testService, testRegion, testTime()
			c.change(&req, &creds, &hash, &service, &region, &at)
			err := new(sigv4.Signer).Sign(req, creds, hash, service, region, at)
			require.ErrorContains(t, err, c.want)
			for _, secret := range []string{"topsecret", "token", "private", "AKID"} {
				require.NotContains(t, err.Error(), secret)
			}
			if req != nil {
				require.NotContains(t, req.Header, "Authorization")
			}
		})
	}
}

func TestSignTakesAnyBytesWithoutPanic(t *testing.T) {
	req := invokeRequest(t, "{}")
	req.Header["\x00 \n\xff"] = []string{"\x00\r\n\t  \xff", "", "   "}
	req.Header[""] = []string{" "}
	req.URL.Path, req.URL.RawPath = "\x00\xff%", "%"
	req.URL.RawQuery = "&&=&\x00=\xff;&a"
	req.Method = "\n"
	sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
}

func TestSpellingsOfOneHeaderAreSignedAsOne(t *testing.T) {
	one, two := invokeRequest(t, "{}"), invokeRequest(t, "{}")
	one.Header["X-Amz-Extra"] = []string{"a", "b"}
	two.Header["X-Amz-Extra"] = []string{"a"}
	two.Header["x-amz-extra"] = []string{"b"}
	var signer sigv4.Signer
	sign(t, &signer, one, "{}", testCredentials(), testTime())
	sign(t, &signer, two, "{}", testCredentials(), testTime())
	require.Equal(t, one.Header.Get("Authorization"), two.Header.Get("Authorization"))
}

func TestEqualQueriesHaveEqualSignatures(t *testing.T) {
	var signer sigv4.Signer
	signature := func(query string) string {
		req := invokeRequest(t, "")
		req.URL.RawQuery = query
		sign(t, &signer, req, "", testCredentials(), testTime())
		return req.Header.Get("Authorization")
	}
	want := signature("a=%20x%2F&a=%20x-&b=")
	require.Equal(t, want, signature("&b&a=+x-&&a=%20x/"), "order, escapes and empty parts make no difference")
	require.NotEqual(t, want, signature("a=%20x%2F&b=&b="), "a parameter more does")
}

func TestCredentialsNeverShowTheirSecrets(t *testing.T) {
	creds := testCredentials()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, v := range []any{creds, *creds, []sigv4.Credentials{*creds}} {
			text := fmt.Sprintf(verb, v)
			require.Contains(t, text, "AKIDTEST")
			require.NotContains(t, text, "topsecret")
			require.NotContains(t, text, "token/")
		}
	}
}
