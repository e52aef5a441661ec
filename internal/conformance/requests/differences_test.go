package requests_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestANameIsEscapedBelowAnEscapedBasePathToo(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL+"/base%20path")
	ours, sdk := clients.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f:$LATEST"})
	require.NoError(t, ours.Err)
	require.NoError(t, sdk.Err)
	got := endpoint.Take()
	require.Equal(t, "/base%20path/2015-03-31/functions/f%3A%24LATEST/invocations", got[0].URI)
	require.Equal(t, "/base%20path/2015-03-31/functions/f:$LATEST/invocations", got[1].URI)
}

func TestNoCompressedReplyIsAskedFor(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	ours, sdk := clients.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, ours.Err)
	require.NoError(t, sdk.Err)
	got := endpoint.Take()
	require.Empty(t, got[0].Header.Values("Accept-Encoding"))
	require.Equal(t, []string{"gzip"}, got[1].Header.Values("Accept-Encoding"))
}

func TestNamesThatCannotBeSentAreRefusedBeforeAnythingIsSent(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	for name, sent := range map[string]string{
		"": "", ".": ".", "..": "..", "a/b": "a%2Fb", "../x": "..%2Fx",
		"https://abc.lambda-url.us-east-1.on.aws/": "https%3A%2F%2Fabc.lambda-url.us-east-1.on.aws%2F",
	} {
		_, err := clients.Ours.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: name})
		requireInvalid(t, err, "FunctionName")
		require.Empty(t, endpoint.Take())

		_, err = clients.SDK.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(name)})
		require.NoError(t, err)
		require.Equal(t, "/2015-03-31/functions/"+sent+"/invocations", endpoint.Take()[0].URI)
	}
}

func TestAnARNOfAnotherRegionIsRefusedBeforeAnythingIsSent(t *testing.T) {
	const function = "arn:aws:lambda:eu-west-1:123456789012:function:f"
	var hosts []string
	send := roundTrip(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host)
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	ours, err := invoke.New(invoke.Options{
		Region: "us-east-1", Credentials: invoke.StaticCredentials("id", "secret", ""), HTTPClient: &http.Client{Transport: send},
	})
	require.NoError(t, err)
	_, err = ours.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: function})
	requireInvalid(t, err, "FunctionName")
	require.Empty(t, hosts)
	_, err = ours.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: function}, func(o *invoke.Options) { o.UseARNRegion = true })
	require.NoError(t, err)
	require.Equal(t, []string{"lambda.eu-west-1.amazonaws.com"}, hosts)

	sdk := lambda.New(lambda.Options{
		Region: "us-east-1", Credentials: aws.AnonymousCredentials{}, HTTPClient: &http.Client{Transport: send},
	})
	_, err = sdk.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(function)})
	require.NoError(t, err)
	require.Equal(t, "lambda.us-east-1.amazonaws.com", hosts[1], "the client's region, where there is no such function")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestControlCharactersInHeaderMembersAreRefusedBeforeAnythingIsTried(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	for field, in := range map[string]*invoke.InvokeInput{
		"InvocationType":       {FunctionName: "f", InvocationType: "a\nb"},
		"LogType":              {FunctionName: "f", LogType: "a\x00b"},
		"ClientContext":        {FunctionName: "f", ClientContext: "a\rb"},
		"DurableExecutionName": {FunctionName: "f", DurableExecutionName: "a\x7fb"},
		"TenantId":             {FunctionName: "f", TenantId: "a\nX-Amz-Invocation-Type: Event"},
	} {
		ours, sdk := clients.Invoke(t.Context(), in)
		requireInvalid(t, ours.Err, field)
		require.ErrorContains(t, sdk.Err, "invalid header field value")
		_, invalid := pair.As[smithy.InvalidParamsError](sdk.Err)
		require.False(t, invalid)
		require.Empty(t, endpoint.Take())
	}
}

// A member that is not set and one that is empty are the same here, where the members are plain values.
func TestEmptyMembersAreNotSent(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	_, err := clients.Ours.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	_, err = clients.SDK.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Qualifier: aws.String(""), TenantId: aws.String("")})
	require.NoError(t, err)
	got := endpoint.Take()
	require.Equal(t, "/2015-03-31/functions/f/invocations", got[0].URI)
	require.NotContains(t, got[0].Header, "X-Amz-Tenant-Id")
	require.Equal(t, "/2015-03-31/functions/f/invocations?Qualifier=", got[1].URI)
	require.Contains(t, got[1].Header, "X-Amz-Tenant-Id")
}

func requireInvalid(t *testing.T, err error, field string) {
	t.Helper()
	require.ErrorContains(t, err, field)
	invalid, ok := pair.As[smithy.InvalidParamsError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, 1, invalid.Len())
}
