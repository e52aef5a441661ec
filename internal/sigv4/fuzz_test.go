package sigv4_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// FuzzSignThenVerify sends what was signed through net/http's own writer and
// reader, so that it holds the signature against what really is on the wire.
func FuzzSignThenVerify(f *testing.F) {
	f.Add("f", "", "Qualifier=1", "X-Amz-Tenant-Id", " a  b ", []byte("{}"))
	f.Add("arn:aws:lambda:$ü", "/arn%3Aaws%3Alambda%3A%24%C3%BC", "a=+&a=%20&b&&=", "Content-Type", "", []byte(nil))
	f.Add("../a//b", "", "q=a;b", "x-amz-log-type", "\tTail\t", []byte("x"))
	f.Fuzz(func(t *testing.T, path, rawPath, query, name, value string, body []byte) {
		switch http.CanonicalHeaderKey(name) {
		case "Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer":
			return // net/http does not send them from the header map
		case "X-Amz-Date", "X-Amz-Security-Token", "Authorization":
			return // the signer's own
		}
		req, err := http.NewRequest(http.MethodPost, "http://"+suiteHost, bytes.NewReader(body))
		require.NoError(t, err)
		req.URL = &url.URL{Scheme: "http", Host: suiteHost, Path: "/" + path, RawPath: rawPath, RawQuery: query}
		req.Header[name] = []string{value, value}

		var signer sigv4.Signer
		if signer.Sign(req, testCredentials(), sigv4.PayloadHash(body), testService, testRegion, testTime()) != nil || !sendable(name, value) {
			return
		}
		require.NoError(t, sigv4.Verify(req, body, lookupTest, testTime(), 0))

		var wire bytes.Buffer
		if req.Write(&wire) != nil {
			return
		}
		got, err := http.ReadRequest(bufio.NewReader(&wire))
		if err != nil {
			return // net/http itself does not understand it
		}
		gotBody, err := io.ReadAll(got.Body)
		require.NoError(t, err)
		require.NoError(t, sigv4.Verify(got, gotBody, lookupTest, testTime(), 0))
	})
}

// sendable tells whether http.Transport would send the header; [http.Request.Write]
// drops a malformed one in silence where the transport returns an error.
func sendable(name, value string) bool {
	const token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return name != "" && strings.Trim(name, token) == "" &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// FuzzVerify holds that no header makes the verifier panic or accept.
func FuzzVerify(f *testing.F) {
	req := invokeRequest(f, "{}")
	sign(f, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
	valid := req.Header.Get("Authorization")
	f.Add(valid, "20260203T235958Z", "")
	f.Add("AWS4-HMAC-SHA256 Credential=////,,=,SignedHeaders=;;", "2026", "%")
	f.Fuzz(func(t *testing.T, auth, date, query string) {
		req := invokeRequest(t, "{}")
		req.Header.Set("X-Amz-Security-Token", "token/+=")
		req.Header.Set("Authorization", auth)
		req.Header.Set("X-Amz-Date", date)
		req.URL.RawQuery += query
		err := sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0)
		if err == nil {
			require.Equal(t, "20260203T235958Z", date)
			require.Equal(t, signatureOf(valid), signatureOf(auth))
			return
		}
		var refused *sigv4.VerifyError
		require.ErrorAs(t, err, &refused)
	})
}

// signatureOf cuts the signature out of an Authorization header, wherever it stands.
func signatureOf(auth string) string {
	const name = "Signature="
	i := strings.LastIndex(auth, name)
	if i < 0 {
		return ""
	}
	rest := auth[i+len(name):]
	return rest[:min(len(rest), 64)]
}
