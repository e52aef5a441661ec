package requests_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
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

func TestStreamingRequestsEqualThoseOfTheSDK(t *testing.T) {
	endpoint := capture.Start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
	})
	clients := pair.New(t, endpoint.URL)
	for _, in := range requests.Inputs() {
		if in.InvocationType == invoke.InvocationTypeEvent || in.DurableExecutionName != "" {
			continue // the operation has neither
		}
		out, err := clients.Ours.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{
			FunctionName: in.FunctionName, Qualifier: in.Qualifier, InvocationType: in.InvocationType, LogType: in.LogType,
			ClientContext: in.ClientContext, TenantId: in.TenantId, Payload: in.Payload,
		})
		require.NoError(t, err, "%+v", in)
		require.NoError(t, out.Body.Close())

		same := pair.SDKInput(in)
		theirs, err := clients.SDK.InvokeWithResponseStream(t.Context(), &lambda.InvokeWithResponseStreamInput{
			FunctionName: same.FunctionName, Qualifier: same.Qualifier, InvocationType: types.ResponseStreamingInvocationType(same.InvocationType),
			LogType: same.LogType, ClientContext: same.ClientContext, TenantId: same.TenantId, Payload: same.Payload,
		})
		require.NoError(t, err, "%+v", in)
		for range theirs.GetStream().Events() {
			// Read to the end: two streams of one SDK client share a buffer, and must not overlap.
		}
		require.NoError(t, theirs.GetStream().Close())
		requireEqualPair(t, endpoint.Take())
	}
}

// requireEqualRequests makes the call with both clients and compares what arrived, all but what differs by nature:
// who sent it, the random ID of the call, the second in which it was signed, and the signature that follows from these.
func requireEqualRequests(t *testing.T, endpoint *capture.Server, clients pair.Pair, in *invoke.InvokeInput) {
	t.Helper()
	ours, sdk := clients.Invoke(t.Context(), in)
	require.NoError(t, sdk.Err, "%+v", in)
	require.NoError(t, ours.Err, "%+v", in)
	requireEqualPair(t, endpoint.Take())
}

func requireEqualPair(t *testing.T, got []capture.Request) {
	t.Helper()
	require.Len(t, got, 2)
	for _, r := range got {
		require.NoError(t, r.Verify(pair.Secret))
		for _, name := range []string{"User-Agent", "Amz-Sdk-Invocation-Id", "X-Amz-Date"} {
			require.NotEmpty(t, r.Header.Get(name), name)
		}
	}
	require.Equal(t, got[1].Signed(), got[0].Signed())
	require.Equal(t, stable(got[1]), stable(got[0]))
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
