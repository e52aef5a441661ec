package sigv4_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

func lookupTest(accessKeyID string) (sigv4.Credentials, bool) {
	creds := testCredentials()
	return *creds, accessKeyID == creds.AccessKeyID
}

// replace changes a part of the Authorization header.
func replace(old, with string) func(*http.Request) {
	return func(req *http.Request) {
		auth := req.Header.Get("Authorization")
		req.Header.Set("Authorization", strings.Replace(auth, old, with, 1))
	}
}

func TestVerifyAcceptsOverTheWire(t *testing.T) {
	for _, c := range []struct {
		name, target, body string
		header             http.Header
	}{
		{"plain", "/2015-03-31/functions/f/invocations", `{"a":1}`, nil},
		{"escapes", "/2015-03-31/functions/arn%3Aaws%3A%24%20%C3%BC/invocations?Qualifier=%24LATEST&x=a+b", "{}", nil},
		{"reserved bytes left as they are", "/a:b$c,d;e=f@g!h'i(j)*k/", "", nil},
		{"no body", "/", "", nil},
		{"folded value", "/", "{}", http.Header{"X-Amz-Tenant-Id": {"  two  spaces  "}}},
		{"repeated header", "/", "{}", http.Header{"X-Amz-Meta": {"b", "a", ""}}},
		{"unsigned headers", "/", "{}", http.Header{"X-Amzn-Trace-Id": {"Root=1"}, "User-Agent": {"x"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if err := sigv4.Verify(r, body, lookupTest, testTime(), 0); err != nil {
					http.Error(w, err.Error(), http.StatusForbidden)
				}
			}))
			defer server.Close()
			req, err := http.NewRequest(http.MethodPost, server.URL+c.target, strings.NewReader(c.body))
			require.NoError(t, err)
			for name, values := range c.header {
				req.Header[name] = values
			}
			sign(t, new(sigv4.Signer), req, c.body, testCredentials(), testTime())
			res, err := server.Client().Do(req)
			require.NoError(t, err)
			defer res.Body.Close()
			answer, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, res.StatusCode, "%s", answer)
		})
	}
}

func TestVerifyRefusesWhatWasChangedAfterSigning(t *testing.T) {
	set := func(name, value string) func(*http.Request) {
		return func(req *http.Request) { req.Header.Set(name, value) }
	}
	drop := func(name string) func(*http.Request) {
		return func(req *http.Request) { req.Header.Del(name) }
	}
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		want   sigv4.Reason
	}{
		{"method", func(r *http.Request) { r.Method = http.MethodPut }, sigv4.ReasonMismatch},
		{"path", func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/other", "" }, sigv4.ReasonMismatch},
		{"escaping of the path", func(r *http.Request) { r.URL.RawPath = strings.Replace(r.URL.RawPath, "%3A", "%3a", 1) }, sigv4.ReasonMismatch},
		{"query", func(r *http.Request) { r.URL.RawQuery = "Qualifier=1" }, sigv4.ReasonMismatch},
		{"query added", func(r *http.Request) { r.URL.RawQuery += "&a" }, sigv4.ReasonMismatch},
		{"query malformed", func(r *http.Request) { r.URL.RawQuery = "%" }, sigv4.ReasonMismatch},
		{"host", func(r *http.Request) { r.Host = "elsewhere.example" }, sigv4.ReasonMismatch},
		{"content length", func(r *http.Request) { r.ContentLength++ }, sigv4.ReasonMismatch},
		{"content length unknown", func(r *http.Request) { r.ContentLength = -1 }, sigv4.ReasonMismatch},
		{"header", set("Content-Type", "text/plain"), sigv4.ReasonMismatch},
		{"x-amz header", set("X-Amz-Invocation-Type", "Event"), sigv4.ReasonMismatch},
		{"header's case", set("X-Amz-Invocation-Type", "requestResponse"), sigv4.ReasonMismatch},
		{"header repeated", func(r *http.Request) { r.Header.Add("Content-Type", "text/plain") }, sigv4.ReasonMismatch},
		{"header dropped", drop("Amz-Sdk-Request"), sigv4.ReasonMismatch},
		{"x-amz header added", set("X-Amz-Log-Type", "Tail"), sigv4.ReasonUnsignedHeader},
		{"x-amz header added in lower case", func(r *http.Request) { r.Header["x-amz-log-type"] = []string{"Tail"} }, sigv4.ReasonUnsignedHeader},
		{"date within the skew", set("X-Amz-Date", "20260203T235959Z"), sigv4.ReasonMismatch},
		{"date of another day within the skew", set("X-Amz-Date", "20260204T000001Z"), sigv4.ReasonMismatch},
		{"date long ago", set("X-Amz-Date", "20260203T230000Z"), sigv4.ReasonExpired},
		{"date far ahead", set("X-Amz-Date", "20260204T010000Z"), sigv4.ReasonNotYetCurrent},
		{"date in another form", set("X-Amz-Date", testTime().Format(http.TimeFormat)), sigv4.ReasonIncomplete},
		{"date dropped", drop("X-Amz-Date"), sigv4.ReasonIncomplete},
		{"date repeated", func(r *http.Request) { r.Header.Add("X-Amz-Date", "20260203T235958Z") }, sigv4.ReasonIncomplete},
		{"token", set("X-Amz-Security-Token", "another"), sigv4.ReasonTokenMismatch},
		{"token dropped", drop("X-Amz-Security-Token"), sigv4.ReasonTokenMismatch},
		{"token repeated", func(r *http.Request) { r.Header.Add("X-Amz-Security-Token", "") }, sigv4.ReasonTokenMismatch},
		{"key ID", replace("AKIDTEST", "AKIDOTHER"), sigv4.ReasonUnknownKey},
		{"day of the scope", replace("/20260203/", "/20260204/"), sigv4.ReasonMismatch},
		{"region of the scope", replace("/eu-west-1/", "/us-east-1/"), sigv4.ReasonMismatch},
		{"service of the scope", replace("/lambda/", "/sts/"), sigv4.ReasonMismatch},
		{"end of the scope", replace("aws4_request", "aws5_request"), sigv4.ReasonIncomplete},
		{"scope too short", replace("/lambda/", "/"), sigv4.ReasonIncomplete},
		{"no credential", replace("Credential=", "Other="), sigv4.ReasonIncomplete},
		{"no signature", replace("Signature=", "Other="), sigv4.ReasonIncomplete},
		{"signature twice", replace(", SignedHeaders=", ", Signature=0, SignedHeaders="), sigv4.ReasonIncomplete},
		{"signature", replace("Signature=", "Signature=0"), sigv4.ReasonMismatch},
		{"algorithm", replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), sigv4.ReasonIncomplete},
		{"other scheme", set("Authorization", "Bearer abc"), sigv4.ReasonIncomplete},
		{"empty authorization", set("Authorization", ""), sigv4.ReasonIncomplete},
		{"authorization twice", func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, sigv4.ReasonIncomplete},
		{"no authorization", drop("Authorization"), sigv4.ReasonMissing},
		{"host not signed", replace(";host;", ";"), sigv4.ReasonUnsignedHeader},
		{"date not signed", replace(";x-amz-date", ""), sigv4.ReasonUnsignedHeader},
		{"token not signed", replace(";x-amz-security-token", ""), sigv4.ReasonUnsignedHeader},
		{"header not signed", replace("content-type;", ""), sigv4.ReasonMismatch},
		{"length not signed", replace("content-length;", ""), sigv4.ReasonMismatch},
		{"names unsorted", replace("content-type;host", "host;content-type"), sigv4.ReasonIncomplete},
		{"name twice", replace(";host;", ";host;host;"), sigv4.ReasonIncomplete},
		{"name in upper case", replace(";host;", ";Host;"), sigv4.ReasonIncomplete},
		{"signature signed", replace("amz-sdk-request;", "amz-sdk-request;authorization;"), sigv4.ReasonMismatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := invokeRequest(t, "{}")
			sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
			require.NoError(t, sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0))
			c.change(req)
			requireReason(t, c.want, sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0))
		})
	}

	t.Run("body", func(t *testing.T) {
		req := invokeRequest(t, "{}")
		sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
		requireReason(t, sigv4.ReasonMismatch, sigv4.Verify(req, []byte("[]"), lookupTest, testTime(), 0))
	})
	t.Run("secret", func(t *testing.T) {
		wrong := testCredentials()
		wrong.SecretAccessKey = "wrong"
		req := invokeRequest(t, "{}")
		sign(t, new(sigv4.Signer), req, "{}", wrong, testTime())
		requireReason(t, sigv4.ReasonMismatch, sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0))
	})
	t.Run("token that nobody gave out", func(t *testing.T) {
		req := invokeRequest(t, "{}")
		sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
		withoutToken := func(string) (sigv4.Credentials, bool) {
			return sigv4.Credentials{AccessKeyID: "AKIDTEST", SecretAccessKey: "topsecret"}, true
		}
		requireReason(t, sigv4.ReasonTokenMismatch, sigv4.Verify(req, []byte("{}"), withoutToken, testTime(), 0))
	})
}

// requireReason also checks that no refusal tells what it must keep.
func requireReason(t *testing.T, want sigv4.Reason, err error) {
	t.Helper()
	var refused *sigv4.VerifyError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, want, refused.Reason, "%v", err)
	for _, secret := range []string{"topsecret", "token/+=", "AKIDTEST", "invocations"} {
		require.NotContains(t, err.Error(), secret)
	}
}

func TestVerifyTakesADateWithinTheSkew(t *testing.T) {
	req := invokeRequest(t, "{}")
	sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
	verify := func(now time.Time, maxSkew time.Duration) error {
		return sigv4.Verify(req, []byte("{}"), lookupTest, now, maxSkew)
	}
	require.NoError(t, verify(testTime().Add(sigv4.DefaultMaxSkew), 0))
	require.NoError(t, verify(testTime().Add(-sigv4.DefaultMaxSkew), 0))
	requireReason(t, sigv4.ReasonExpired, verify(testTime().Add(sigv4.DefaultMaxSkew+time.Second), 0))
	requireReason(t, sigv4.ReasonNotYetCurrent, verify(testTime().Add(-sigv4.DefaultMaxSkew-time.Second), 0))
	require.NoError(t, verify(testTime().Add(time.Hour), time.Hour))
	requireReason(t, sigv4.ReasonExpired, verify(testTime().Add(2*time.Second), time.Second))
}

func TestVerifyTakesAQueryInAnyOrder(t *testing.T) {
	req := invokeRequest(t, "{}")
	req.URL.RawQuery = "b=1&a=2"
	sign(t, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
	req.URL.RawQuery = "a=2&b=1"
	require.NoError(t, sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0))
}

func TestVerifyTakesASignedLengthOfZero(t *testing.T) {
	// Another signer's request: Content-Length: 0 is sent and signed.
	req := &http.Request{
		Method: http.MethodPost,
		URL:    &url.URL{Scheme: "https", Host: suiteHost, Path: "/"},
		Header: http.Header{
			"X-Amz-Date":     {"20150830T123600Z"},
			"Content-Length": {"0"},
			"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
				"SignedHeaders=content-length;host;x-amz-date, Signature=" + zeroLengthSignature},
		},
	}
	lookup := func(string) (sigv4.Credentials, bool) { return *suiteCredentials(), true }
	require.NoError(t, sigv4.Verify(req, nil, lookup, suiteTime(), 0))
}

// zeroLengthSignature was computed by hand with openssl over
// POST, /, no query, content-length:0, host:example.amazonaws.com, x-amz-date.
const zeroLengthSignature = "0974fc8cc70d5b5ecdd3c083d8aec1816d124a5a34bba3342e41083f6d48cd2b"

func TestReasonsNameTheServicesExceptions(t *testing.T) {
	for reason, want := range map[sigv4.Reason]struct{ code, text string }{
		sigv4.ReasonMissing:        {"MissingAuthenticationTokenException", "missing signature"},
		sigv4.ReasonIncomplete:     {"IncompleteSignatureException", "incomplete signature"},
		sigv4.ReasonUnknownKey:     {"UnrecognizedClientException", "unknown access key"},
		sigv4.ReasonTokenMismatch:  {"UnrecognizedClientException", "token mismatch"},
		sigv4.ReasonExpired:        {"InvalidSignatureException", "signature expired"},
		sigv4.ReasonNotYetCurrent:  {"InvalidSignatureException", "signature not yet current"},
		sigv4.ReasonUnsignedHeader: {"InvalidSignatureException", "unsigned header"},
		sigv4.ReasonMismatch:       {"InvalidSignatureException", "signature mismatch"},
		sigv4.Reason(99):           {"InvalidSignatureException", "Reason(99)"},
	} {
		require.Equal(t, want.code, reason.Code())
		require.Equal(t, want.text, reason.String())
	}
}
