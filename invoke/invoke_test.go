package invoke_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestEveryMemberOfTheInputGoesToItsPlace(t *testing.T) {
	var got *http.Request
	var body []byte
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(background())
		body, _ = io.ReadAll(r.Body)
	})
	_, err := invokeOnce(t, opts, &invoke.InvokeInput{
		FunctionName:         "arn:aws:lambda:us-east-1:123456789012:function:grüße f",
		Qualifier:            "$LATEST",
		InvocationType:       invoke.InvocationTypeRequestResponse,
		LogType:              invoke.LogTypeTail,
		ClientContext:        "eyJhIjoxfQ==",
		DurableExecutionName: "order-17",
		TenantId:             "a  tenant",
		Payload:              []byte(`{"a":1}`),
	})
	require.NoError(t, err)

	require.Equal(t, "POST", got.Method)
	require.Equal(t, "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Agr%C3%BC%C3%9Fe%20f/invocations?Qualifier=%24LATEST", got.RequestURI)
	require.Equal(t, `{"a":1}`, string(body))
	for name, want := range map[string]string{
		"Content-Type":                 "application/octet-stream",
		"X-Amz-Invocation-Type":        "RequestResponse",
		"X-Amz-Log-Type":               "Tail",
		"X-Amz-Client-Context":         "eyJhIjoxfQ==",
		"X-Amz-Durable-Execution-Name": "order-17",
		"X-Amz-Tenant-Id":              "a  tenant",
		"Amz-Sdk-Request":              "attempt=1; max=1",
	} {
		require.Equal(t, want, got.Header.Get(name), name)
	}
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, got.Header.Get("Amz-Sdk-Invocation-Id"))
	require.Regexp(t, `^lambda-invoke-go/\S+ ua/2.1 os/\S+ lang/go#\S+`, got.UserAgent())
	require.Regexp(t, `^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/us-east-1/lambda/aws4_request, `, got.Header.Get("Authorization"))
}

func TestWhatIsEmptyIsNotSent(t *testing.T) {
	var got http.Header
	var uri string
	var length int64
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, uri, length = r.Header.Clone(), r.RequestURI, r.ContentLength
	})
	_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, "/2015-03-31/functions/f/invocations", uri)
	require.Zero(t, length)
	for name := range got {
		require.NotContains(t, []string{
			"Content-Type", "X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Client-Context", "X-Amz-Durable-Execution-Name",
			"X-Amz-Tenant-Id", "X-Amz-Security-Token", "X-Amzn-Trace-Id", "Accept-Encoding",
		}, name)
	}
}

func TestEveryMemberOfTheOutputIsFilled(t *testing.T) {
	opts := serve(t, reply(200, map[string]string{ // in casings that the service has used
		"x-amz-function-error":        "Unhandled",
		"X-AMZ-LOG-RESULT":            "bG9nIGxpbmUK",
		"X-Amz-Executed-Version":      "7",
		"x-amz-durable-execution-arn": "arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/order-17",
		"x-amzn-RequestId":            "d5a5e1c0-0000-4000-8000-000000000000",
	}, `{"errorMessage":"no such order","errorType":"OrderError"}`))
	out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f:live", Payload: []byte("{}")})
	require.NoError(t, err)

	require.Equal(t, 200, out.StatusCode)
	require.Equal(t, "Unhandled", out.FunctionError)
	require.Equal(t, "bG9nIGxpbmUK", out.LogResult)
	require.Equal(t, "7", out.ExecutedVersion)
	require.Equal(t, "arn:aws:lambda:us-east-1:123456789012:function:f:7/durable-execution/order-17", out.DurableExecutionArn)
	require.Equal(t, "d5a5e1c0-0000-4000-8000-000000000000", out.RequestID)
	require.JSONEq(t, `{"errorMessage":"no such order","errorType":"OrderError"}`, string(out.Payload))
	require.Equal(t, 1, out.Attempts)

	log, err := out.Log()
	require.NoError(t, err)
	require.Equal(t, "log line\n", string(log))
}

func TestEachInvocationTypeHasItsReply(t *testing.T) {
	for _, tc := range []struct {
		invocationType invoke.InvocationType
		status         int
	}{
		{invoke.InvocationTypeRequestResponse, 200},
		{invoke.InvocationTypeEvent, 202},
		{invoke.InvocationTypeDryRun, 204},
	} {
		t.Run(string(tc.invocationType), func(t *testing.T) {
			opts := serve(t, reply(tc.status, nil, ""))
			out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f", InvocationType: tc.invocationType})
			require.NoError(t, err)
			require.Equal(t, tc.status, out.StatusCode)
			require.Nil(t, out.Payload)
			require.NoError(t, out.Err())
		})
	}
}

func TestAChunkedReplyIsReadWhole(t *testing.T) {
	want := strings.Repeat("0123456789", 100_000)
	opts := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for chunk := range 10 {
			io.WriteString(w, want[chunk*100_000:(chunk+1)*100_000])
			w.(http.Flusher).Flush()
		}
	})
	out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, want, string(out.Payload))
}

func TestTheTraceOfTheSurroundingInvocationIsPassedOn(t *testing.T) {
	var got string
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Get("X-Amzn-Trace-Id") })
	client := newClient(t, opts)
	invokeIt := func() string {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		return got
	}

	t.Setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=3c;Sampled=1")
	require.Empty(t, invokeIt(), "outside of Lambda")

	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "caller")
	require.Equal(t, "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=3c;Sampled=1", invokeIt())

	t.Setenv("_X_AMZN_TRACE_ID", "Root=1 €\n") // each invocation changes it
	require.Equal(t, "Root=1%20%E2%82%AC%0A", invokeIt())
}

func TestTheBasePathOfAnEndpointIsKept(t *testing.T) {
	for _, tc := range []struct{ base, function, want string }{
		{"", "f", "/2015-03-31/functions/f/invocations"},
		{"/", "f", "/2015-03-31/functions/f/invocations"},
		{"/lambda", "f", "/lambda/2015-03-31/functions/f/invocations"},
		{"/lambda//", "a:b", "/lambda/2015-03-31/functions/a%3Ab/invocations"},
		{"/a%2Fb", "f", "/a%2Fb/2015-03-31/functions/f/invocations"},
		{"/a%2Fb", "ü", "/a%2Fb/2015-03-31/functions/%C3%BC/invocations"},
	} {
		t.Run(tc.base+" "+tc.function, func(t *testing.T) {
			var got string
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.RequestURI })
			opts.BaseEndpoint += tc.base
			_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: tc.function})
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestOneClientServesManyGoroutines(t *testing.T) {
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	for name, shape := range map[string]func(*invoke.Options){
		"plain":                   func(*invoke.Options) {},
		"with the client's stack": func(o *invoke.Options) { o.APIOptions = append(o.APIOptions, countingMiddleware) },
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, opts, shape)
			var wg sync.WaitGroup
			for caller := range 64 {
				wg.Go(func() {
					for i := range 20 {
						var optFns []func(*invoke.Options)
						if i%3 == 0 {
							optFns = append(optFns, func(o *invoke.Options) { o.APIOptions = append(o.APIOptions, countingMiddleware) })
						}
						want, _ := json.Marshal([]int{caller, i})
						out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: want}, optFns...)
						if err != nil || string(out.Payload) != string(want) {
							t.Errorf("got %v, %v", out, err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}
