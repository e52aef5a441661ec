package signatures_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	awsv4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	smithysigv4 "github.com/aws/smithy-go/aws-http-auth/sigv4"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/signatures"
	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

const randomRequests = 5000

func TestSignaturesEqualThoseOfTheSDK(t *testing.T) {
	var ours sigv4.Signer
	sdk := awsv4.NewSigner()
	for seed := range uint64(randomRequests) {
		c := signatures.Random(seed, seed%2 == 0)
		want, err := signatures.SDK(sdk, c)
		require.NoError(t, err)
		got, err := signatures.Ours(&ours, c)
		require.NoError(t, err)
		require.Equal(t, want, got, "seed %d: %s %s %q", seed, c.Request.Method, c.Request.URL, c.Request.Header)
	}
}

func TestSignaturesEqualThoseOfHTTPAuthWhereNoValueHoldsRunsOfSpaces(t *testing.T) {
	var ours sigv4.Signer
	auth := smithysigv4.New()
	for seed := range uint64(randomRequests) {
		c := signatures.Random(seed, false)
		want, err := signatures.HTTPAuth(auth, c)
		require.NoError(t, err)
		got, err := signatures.Ours(&ours, c)
		require.NoError(t, err)
		require.Equal(t, want, got, "seed %d: %s %s %q", seed, c.Request.Method, c.Request.URL, c.Request.Header)
	}
}

// The specification's test suite has an example of a value with runs of spaces, "get-header-value-trim".
func TestRunsOfSpacesAreFoldedAsInTheSpecificationsExample(t *testing.T) {
	const want = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
	example := signatures.Case{
		Request: &http.Request{
			Method: "GET",
			URL:    &url.URL{Scheme: "https", Host: "example.amazonaws.com", Path: "/"},
			Header: http.Header{"My-Header1": {" value1"}, "My-Header2": {` "a   b   c"`}},
		},
		AccessKeyID: "AKIDEXAMPLE",
		Secret:      "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		Region:      "us-east-1",
		Service:     "service",
		Time:        time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC),
	}

	got, err := signatures.Ours(&sigv4.Signer{}, example)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(got.Authorization, want), got.Authorization)

	sdk, err := signatures.SDK(awsv4.NewSigner(), example)
	require.NoError(t, err)
	require.Equal(t, sdk, got)

	auth, err := signatures.HTTPAuth(smithysigv4.New(), example)
	require.NoError(t, err)
	require.False(t, strings.HasSuffix(auth.Authorization, want), "aws-http-auth folds runs of spaces by now: drop the difference from the table")
}

// Where a client folds what it signs but sends the value as it is, a service that folds too accepts it.
func TestAnySignatureOfTheSDKIsAcceptedByTheVerifier(t *testing.T) {
	sdk := awsv4.NewSigner()
	for seed := range uint64(500) {
		c := signatures.Random(seed, true)
		s, err := signatures.SDK(sdk, c)
		require.NoError(t, err)

		req := c.Request
		req.Header.Set("Authorization", s.Authorization)
		req.Header.Set("X-Amz-Date", s.Date)
		if s.Token != "" {
			req.Header.Set("X-Amz-Security-Token", s.Token)
		}
		lookup := func(id string) (sigv4.Credentials, bool) {
			return sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.Secret, SessionToken: c.Token}, id == c.AccessKeyID
		}
		require.NoError(t, sigv4.Verify(req, c.Payload, lookup, c.Time, time.Minute), "seed %d", seed)
	}
}

func TestAnIPv6HostKeepsItsBrackets(t *testing.T) {
	c := signatures.Random(1, false)
	c.Request.URL.Scheme, c.Request.URL.Host = "https", "[::1]:443"

	kept, stripped := c, c
	kept.Request = c.Request.Clone(t.Context())
	kept.Request.URL.Host = "[::1]"
	stripped.Request = c.Request.Clone(t.Context())
	stripped.Request.URL.Host = "::1"

	ours, err := signatures.Ours(&sigv4.Signer{}, c)
	require.NoError(t, err)
	sdk, err := signatures.SDK(awsv4.NewSigner(), c)
	require.NoError(t, err)
	auth := smithysigv4.New()
	want, err := signatures.HTTPAuth(auth, kept)
	require.NoError(t, err)
	require.Equal(t, want, ours)
	want, err = signatures.HTTPAuth(auth, stripped)
	require.NoError(t, err)
	require.Equal(t, want, sdk)
}
