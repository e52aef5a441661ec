package sigv4_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// The published SigV4 test suite signs with these.
const (
	suiteService = "service"
	suiteRegion  = "us-east-1"
	suiteHost    = "example.amazonaws.com"
)

func suiteCredentials() *sigv4.Credentials {
	return &sigv4.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
}

func suiteTime() time.Time { return time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC) }

func TestSignMatchesThePublishedSuite(t *testing.T) {
	const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for _, c := range []struct {
		name, method  string
		path, query   string
		header        http.Header
		body          string
		signedHeaders string
		signature     string
	}{
		{"get-vanilla", "GET", "/", "", nil, "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-vanilla, empty path", "GET", "", "", nil, "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-vanilla, no method", "", "/", "", nil, "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-vanilla-empty-query-key", "GET", "/", "Param1=value1", nil, "", "host;x-amz-date", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{"get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", nil, "", "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"get-vanilla-query-order-value", "GET", "/", "Param1=value2&Param1=value1", nil, "", "host;x-amz-date", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
		{"get-vanilla-query-unreserved", "GET", "/", unreserved + "=" + unreserved, nil, "", "host;x-amz-date", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
		{"get-vanilla-utf8-query", "GET", "/", "ሴ=bar", nil, "", "host;x-amz-date", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		{"get-vanilla-utf8-query, escaped", "GET", "/", "%e1%88%b4=bar", nil, "", "host;x-amz-date", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		{"get-unreserved", "GET", "/" + unreserved, "", nil, "", "host;x-amz-date", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"get-header-key-duplicate", "GET", "/", "", http.Header{"My-Header1": {"value2", "value2", "value1"}}, "", "host;my-header1;x-amz-date", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
		{"get-header-value-order", "GET", "/", "", http.Header{"My-Header1": {"value4", "value1", "value3", "value2"}}, "", "host;my-header1;x-amz-date", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
		{"get-header-value-trim", "GET", "/", "", http.Header{"My-Header1": {" value1"}, "My-Header2": {` "a   b   c"`}}, "", "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
		{"post-vanilla", "POST", "/", "", nil, "", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"post-vanilla-query", "POST", "/", "Param1=value1", nil, "", "host;x-amz-date", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		{"post-header-key-sort", "POST", "/", "", http.Header{"My-Header1": {"value1"}}, "", "host;my-header1;x-amz-date", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
		{"post-header-value-case", "POST", "/", "", http.Header{"My-Header1": {"VALUE1"}}, "", "host;my-header1;x-amz-date", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
		{"post-x-www-form-urlencoded", "POST", "/", "", form, "Param1=value1", "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &http.Request{
				Method: c.method,
				URL:    &url.URL{Scheme: "https", Host: suiteHost, Path: c.path, RawQuery: c.query},
				Header: c.header.Clone(),
			}
			var signer sigv4.Signer
			err := signer.Sign(req, suiteCredentials(), sigv4.PayloadHash([]byte(c.body)), suiteService, suiteRegion, suiteTime())
			require.NoError(t, err)
			require.Equal(t, []string{"20150830T123600Z"}, req.Header["X-Amz-Date"])
			require.Equal(t, []string{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
				"SignedHeaders=" + c.signedHeaders + ", Signature=" + c.signature}, req.Header["Authorization"])
		})
	}
}

// The suite's own paths are escaped once. An opaque URL holds a path that net/http
// sends as it is, so what is signed is its single escaping.
func TestSignTakesThePathOfAnOpaqueURL(t *testing.T) {
	for _, c := range []struct{ name, opaque, signature string }{
		{"get-utf8", "//" + suiteHost + "/ሴ?ignored", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
		{"get-space", "//" + suiteHost + "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
		{"get-vanilla", "//" + suiteHost, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &http.Request{Method: "GET", URL: &url.URL{Scheme: "https", Host: suiteHost, Opaque: c.opaque}}
			var signer sigv4.Signer
			require.NoError(t, signer.Sign(req, suiteCredentials(), sigv4.PayloadHash(nil), suiteService, suiteRegion, suiteTime()))
			require.Contains(t, req.Header.Get("Authorization"), "Signature="+c.signature)
		})
	}
}

func TestPayloadHash(t *testing.T) {
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sigv4.PayloadHash(nil))
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sigv4.PayloadHash([]byte{}))
	require.Equal(t, "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e", sigv4.PayloadHash([]byte("Param1=value1")))
}
