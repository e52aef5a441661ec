package endpoint_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

func resolveBase(base string) (endpoint.Endpoint, error) {
	return endpoint.Resolve(endpoint.Input{Region: "us-east-1", BaseEndpoint: base})
}

func TestABaseEndpointReplacesTheResolvedOne(t *testing.T) {
	for _, c := range []struct {
		base, scheme, host, path, rawPath string
	}{
		{"http://localhost:4566", "http", "localhost:4566", "", ""},
		{"http://localhost:4566/", "http", "localhost:4566", "", ""},
		{"http://localhost:4566///", "http", "localhost:4566", "", ""},
		{"HTTPS://LocalHost", "https", "LocalHost", "", ""},
		{"https://example.com/base", "https", "example.com", "/base", "/base"},
		{"https://example.com/base/path//", "https", "example.com", "/base/path", "/base/path"},
		{"https://example.com/a%20b/%2Fc%2F/", "https", "example.com", "/a b//c/", "/a%20b/%2Fc%2F"},
		{"https://example.com/a b", "https", "example.com", "/a b", "/a%20b"},
		{"https://example.com/ü", "https", "example.com", "/ü", "/%C3%BC"},
		{"https://example.com:", "https", "example.com", "", ""},
		{"https://example.com.", "https", "example.com.", "", ""},
		{"http://my_container:9001", "http", "my_container:9001", "", ""},
		{"http://127.0.0.1:3001", "http", "127.0.0.1:3001", "", ""},
		{"http://[::1]:3001/x", "http", "[::1]:3001", "/x", "/x"},
		{"http://[fe80::1%25eth0]:3001", "http", "[fe80::1%eth0]:3001", "", ""},
		{"https://lambda.us-east-1.amazonaws.com", "https", "lambda.us-east-1.amazonaws.com", "", ""},
		{"https://vpce-1.lambda.us-east-1.vpce.amazonaws.com", "https", "vpce-1.lambda.us-east-1.vpce.amazonaws.com", "", ""},
		{"http://amazonaws.com.localhost", "http", "amazonaws.com.localhost", "", ""},
		{"http://notamazonaws.com", "http", "notamazonaws.com", "", ""},
	} {
		t.Run(c.base, func(t *testing.T) {
			got, err := resolveBase(c.base)
			require.NoError(t, err)
			require.Equal(t, endpoint.Endpoint{
				Scheme: c.scheme, Host: c.host, BasePath: c.path, RawBasePath: c.rawPath, SigningRegion: "us-east-1",
			}, got)
		})
	}
}

func TestAWrongBaseEndpointIsRefusedWithoutBeingQuoted(t *testing.T) {
	const secret = "hunter2"
	for _, c := range []struct{ base, want string }{
		{"localhost:4566", "must start with"},
		{"localhost", "must start with"},
		{"//localhost", "must start with"},
		{"ftp://localhost", "must start with"},
		{"hunter2:x@localhost", "must start with"},
		{"unix:///hunter2", "must start with"},
		{" https://localhost", "not a valid URL"},
		{"https://hunter2 @localhost", "not a valid URL"},
		{"https://user:hunter2@local host", "not a valid URL"},
		{"https://localhost:hunter2", "not a valid URL"},
		{"https://user:hunter2@[::1", "not a valid URL"},
		{"https://localhost/%hunter2", "not a valid URL"},
		{"https://user:hunter2@localhost", "user name or password"},
		{"https://hunter2@localhost", "user name or password"},
		{"https://@localhost", "user name or password"},
		{"https://", "no host"},
		{"https:///hunter2", "no host"},
		{"https:hunter2", "no host"},
		{"http://:80", "no host"},
		{"https://localhost?hunter2", "query or a fragment"},
		{"https://localhost?", "query or a fragment"},
		{"https://localhost#hunter2", "query or a fragment"},
		{"https://localhost/#", "query or a fragment"},
		{"https://bücher.example", "host is not valid"},
		{"https://hunter2!", "host is not valid"},
		{"https://a..b", "host is not valid"},
		{"https://.", "host is not valid"},
		{"https://localhost:65536", "port"},
		{"https://localhost:0", "port"},
	} {
		t.Run(c.base, func(t *testing.T) {
			_, err := resolveBase(c.base)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

func TestPlainHTTPIsRefusedForTheServicesOwnDomains(t *testing.T) {
	for _, ref := range references() {
		for _, domain := range []string{ref.dnsSuffix, ref.dualStackSuffix} {
			for _, host := range []string{
				domain, "lambda.x." + domain, "lambda-fips.x." + domain + ":80", strings.ToUpper("a." + domain), "a." + domain + ".",
			} {
				_, err := resolveBase("http://" + host)
				require.ErrorContains(t, err, "must use https://", host)
				_, err = resolveBase("https://" + host)
				require.NoError(t, err, host)
			}
		}
	}
}

func TestABaseEndpointGoesWithNoVariant(t *testing.T) {
	_, err := endpoint.Resolve(endpoint.Input{Region: "us-east-1", BaseEndpoint: "https://localhost", UseFIPS: true})
	require.ErrorContains(t, err, "FIPS")
	_, err = endpoint.Resolve(endpoint.Input{Region: "us-east-1", BaseEndpoint: "https://localhost", UseDualStack: true})
	require.ErrorContains(t, err, "dual-stack")
}

func FuzzBaseEndpoint(f *testing.F) {
	for _, base := range []string{
		"https://example.com/a%2Fb/", "http://[::1]:80//", "https://u:p@h?q#f", "http:", "//", "https://h/%", "http://API.AWS.",
	} {
		f.Add(base)
	}
	f.Fuzz(func(t *testing.T, base string) {
		got, err := resolveBase(base)
		if base == "" || err != nil {
			return
		}
		require.Contains(t, []string{"http", "https"}, got.Scheme)
		require.NotEmpty(t, got.Host)
		require.False(t, strings.HasSuffix(got.RawBasePath, "/"))
		require.True(t, got.RawBasePath == "" || got.RawBasePath[0] == '/')
		decoded, err := url.PathUnescape(got.RawBasePath)
		require.NoError(t, err)
		require.Equal(t, decoded, got.BasePath)

		// What net/http would send is what was resolved.
		u := url.URL{Scheme: got.Scheme, Host: got.Host, Path: got.BasePath + "/x", RawPath: got.RawBasePath + "/x"}
		require.Equal(t, got.RawBasePath+"/x", u.EscapedPath())
		req, err := http.NewRequest(http.MethodPost, u.String(), nil)
		require.NoError(t, err)
		require.Nil(t, req.URL.User)
		require.Empty(t, req.URL.RawQuery)
		require.Equal(t, got.Host, req.URL.Host)

		again, err := resolveBase(got.Scheme + "://" + strings.ReplaceAll(got.Host, "%", "%25") + got.RawBasePath)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}
