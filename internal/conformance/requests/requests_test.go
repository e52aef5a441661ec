package requests_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/requests"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

const randomInputs = 2000

func TestRequestsEqualThoseOfTheSDK(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	for _, in := range requests.Inputs() {
		requireEqualRequests(t, endpoint, clients, in)
	}
}

func TestRequestsWithRandomTextsEqualThoseOfTheSDK(t *testing.T) {
	endpoint := capture.Start(t, nil)
	clients := pair.New(t, endpoint.URL)
	for seed := range uint64(randomInputs) {
		requireEqualRequests(t, endpoint, clients, requests.Random(seed))
	}
}

func TestRequestsBelowABasePathEqualThoseOfTheSDK(t *testing.T) {
	endpoint := capture.Start(t, nil)
	for _, base := range []string{"/", "/base", "/base/", "/a/b/c", "/~base-path_1.0"} {
		clients := pair.New(t, endpoint.URL+base)
		for _, in := range requests.Inputs() {
			requireEqualRequests(t, endpoint, clients, in)
		}
	}
}

func TestTheMaximumOfAttemptsIsAnnouncedAsTheSDKDoes(t *testing.T) {
	endpoint := capture.Start(t, nil)
	for _, attempts := range []int{0, 1, 2, 10} {
		clients := pair.New(t, endpoint.URL, func(c *pair.Config) { c.MaxAttempts = attempts })
		requireEqualRequests(t, endpoint, clients, &invoke.InvokeInput{FunctionName: "f"})
	}
}

func TestTheTraceOfARunningFunctionIsHandedOnAsTheSDKDoes(t *testing.T) {
	endpoint := capture.Start(t, nil)
	for _, trace := range []string{
		"",
		"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
		"Root=1-2-3;Parent=4;Sampled=0;Lineage=a87bd80c:0|68fd508a:5|c512fbe3:2",
		`-=;:+&[]{}"', and !#$%()*./<>?@\^_~` + "`", "a%20b", "ünï 世界 😀", "tab\tand\nnewline",
	} {
		t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "caller")
		t.Setenv("_X_AMZN_TRACE_ID", trace)
		clients := pair.New(t, endpoint.URL)
		requireEqualRequests(t, endpoint, clients, &invoke.InvokeInput{FunctionName: "f"})

		t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "")
		clients = pair.New(t, endpoint.URL)
		requireEqualRequests(t, endpoint, clients, &invoke.InvokeInput{FunctionName: "f"})
	}
}

// requireEqualRequests makes the call with both clients and compares what arrived, all but what differs by nature:
// who sent it, the random ID of the call, the second in which it was signed, and the signature that follows from these.
func requireEqualRequests(t *testing.T, endpoint *capture.Server, clients pair.Pair, in *invoke.InvokeInput) {
	t.Helper()
	ours, sdk := clients.Invoke(t.Context(), in)
	require.NoError(t, sdk.Err, "%+v", in)
	require.NoError(t, ours.Err, "%+v", in)

	got := endpoint.Take()
	require.Len(t, got, 2)
	for _, r := range got {
		require.NoError(t, r.Verify(pair.Secret))
		for _, name := range []string{"User-Agent", "Amz-Sdk-Invocation-Id", "X-Amz-Date"} {
			require.NotEmpty(t, r.Header.Get(name), name)
		}
	}
	require.Equal(t, got[1].Signed(), got[0].Signed())
	require.Equal(t, stable(got[1]), stable(got[0]), "%+v", in)
}

func stable(r capture.Request) capture.Request {
	h := http.Header{}
	for name, values := range r.Header {
		switch name {
		case "User-Agent", "Amz-Sdk-Invocation-Id", "X-Amz-Date", "Authorization", "Accept-Encoding":
		default:
			h[name] = values
		}
	}
	r.Header = h
	return r
}
