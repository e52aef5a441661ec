package invoke_test

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func TestEveryMemberOfAStreamsInputGoesToItsPlace(t *testing.T) {
	var got *http.Request
	var body []byte
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(background())
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	_, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{
		FunctionName:   "my-function:live",
		Qualifier:      "$LATEST",
		InvocationType: invoke.InvocationTypeRequestResponse,
		LogType:        invoke.LogTypeTail,
		ClientContext:  "eyJhIjoxfQ==",
		TenantId:       "a tenant",
		Payload:        []byte(`{"a":1}`),
	})
	require.NoError(t, err)

	require.Equal(t, "POST", got.Method)
	require.Equal(t, "/2021-11-15/functions/my-function%3Alive/response-streaming-invocations?Qualifier=%24LATEST", got.RequestURI)
	require.Equal(t, `{"a":1}`, string(body))
	for name, want := range map[string]string{
		"Content-Type":          "application/octet-stream",
		"X-Amz-Invocation-Type": "RequestResponse",
		"X-Amz-Log-Type":        "Tail",
		"X-Amz-Client-Context":  "eyJhIjoxfQ==",
		"X-Amz-Tenant-Id":       "a tenant",
		"Amz-Sdk-Request":       "attempt=1; max=3",
	} {
		require.Equal(t, want, got.Header.Get(name), name)
	}
	require.Regexp(t, `^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/us-east-1/lambda/aws4_request, `, got.Header.Get("Authorization"))
}

func TestAWrongInputForAStreamIsRefusedBeforeAnythingIsSent(t *testing.T) {
	opts := optionsFor("http://localhost")
	opts.HTTPClient = doer(func(*http.Request) (*http.Response, error) { panic("sent") })
	client := newClient(t, opts)
	for name, tc := range map[string]struct {
		in     *invoke.InvokeWithResponseStreamInput
		reason string
	}{
		"nothing":      {nil, "missing required field, InvokeWithResponseStream.InvokeWithResponseStreamInput"},
		"no function":  {&invoke.InvokeWithResponseStreamInput{}, "missing required field, InvokeWithResponseStreamInput.FunctionName"},
		"asynchronous": {&invoke.InvokeWithResponseStreamInput{FunctionName: "f", InvocationType: invoke.InvocationTypeEvent}, "an asynchronous call has no response to stream, InvokeWithResponseStreamInput.InvocationType"},
		"control":      {&invoke.InvokeWithResponseStreamInput{FunctionName: "f", TenantId: "a\nb"}, "control characters cannot be sent, InvokeWithResponseStreamInput.TenantId"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.InvokeWithResponseStream(t.Context(), tc.in)
			var invalid smithy.InvalidParamsError
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, err, tc.reason)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
}

func TestEveryMemberOfAStreamsOutputIsFilled(t *testing.T) {
	const report = "REPORT RequestId: " + streamRequestID + "\tDuration: 3.81 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t\n"
	var sent frames
	sent.chunk([]byte("hello")).complete(eventstream.Complete{LogResult: base64Of(report)})
	opts := serve(t, streaming(func(w io.Writer, _ *http.Request) { w.Write(sent.Bytes()) }))
	out := open(t, opts)

	require.Equal(t, 200, out.StatusCode)
	require.Equal(t, "7", out.ExecutedVersion)
	require.Equal(t, "application/vnd.amazon.eventstream", out.ContentType)
	require.Equal(t, streamRequestID, out.RequestID)
	require.Equal(t, 1, out.Attempts)

	log, err := out.Log()
	require.NoError(t, err)
	require.Nil(t, log, "the log comes at the end")
	_, ok := out.Report()
	require.False(t, ok)

	body, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Equal(t, "hello", string(body))
	log, err = out.Log()
	require.NoError(t, err)
	require.Equal(t, report, string(log))
	parsed, ok := out.Report()
	require.True(t, ok)
	require.Equal(t, streamRequestID, parsed.RequestID)
	require.Equal(t, 4*time.Millisecond, parsed.BilledDuration)
}

func TestALogThatIsNotBase64IsAnErrorOfTheLogAlone(t *testing.T) {
	var sent frames
	sent.complete(eventstream.Complete{LogResult: "%"})
	out := open(t, streamed(&sent))
	_, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	_, err = out.Log()
	require.ErrorContains(t, err, "not base64")
	_, ok := out.Report()
	require.False(t, ok)
}

func TestAnOutputThatSomebodyMadeHasNoLog(t *testing.T) {
	var out invoke.InvokeWithResponseStreamOutput
	log, err := out.Log()
	require.NoError(t, err)
	require.Nil(t, log)
	_, ok := out.Report()
	require.False(t, ok)
}

func TestADryRunHasAnEmptyBody(t *testing.T) {
	opts := serve(t, reply(http.StatusNoContent, map[string]string{"X-Amzn-Requestid": streamRequestID}, ""))
	out, err := newClient(t, opts).InvokeWithResponseStream(t.Context(),
		&invoke.InvokeWithResponseStreamInput{FunctionName: "f", InvocationType: invoke.InvocationTypeDryRun})
	require.NoError(t, err)
	require.Equal(t, 204, out.StatusCode)
	require.Equal(t, streamRequestID, out.RequestID)
	body, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Empty(t, body)
	require.NoError(t, out.Body.Close())
}

func TestAnErrorInPlaceOfAStreamIsTypedAsInvokeTypesIt(t *testing.T) {
	opts := serve(t, reply(http.StatusNotFound, map[string]string{
		"X-Amzn-Errortype": "ResourceNotFoundException",
		"X-Amzn-Requestid": streamRequestID,
	}, `{"Message":"Function not found"}`))
	_, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})

	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "Function not found", missing.Message)
	require.Equal(t, streamRequestID, missing.RequestID)
	var operation *smithy.OperationError
	require.ErrorAs(t, err, &operation)
	require.Equal(t, "InvokeWithResponseStream", operation.Operation())
	var response *smithyhttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, 404, response.HTTPStatusCode())
	require.False(t, errors.MayHaveExecuted(err))
}

func TestWhatIsNoEventStreamIsRefusedBeforeThereIsABody(t *testing.T) {
	endless := make([]byte, 64<<10)
	for name, tc := range map[string]struct {
		contentType string
		status      int
		reason      string
	}{
		"a proxy's page": {"text/html; charset=utf-8", 200, `response is not an event stream: content type text/html; charset=utf-8 (status 200, request ID ` + streamRequestID + `)`},
		"a buffered one": {"application/json", 200, `response is not an event stream: content type application/json (status 200,`},
		"another stream": {"text/event-stream", 200, `content type text/event-stream`},
		"nothing":        {"", 200, `response is not an event stream: no content type`},
		"a forged line":  {"text/html\r\nERROR", 200, `content type text/html ERROR (`},
		"accepted":       {"text/plain", 202, `content type text/plain (status 202,`},
		"a prefix":       {"application/vnd.amazon.eventstreams", 200, `content type application/vnd.amazon.eventstreams`},
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			closed := make(chan struct{})
			opts := streamed(nil)
			answered := opts.HTTPClient.(doer)
			opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
				resp, err := answered(r)
				resp.StatusCode = tc.status
				resp.Header["Content-Type"] = []string{tc.contentType}
				resp.Body = streamedBody{
					read: func(p []byte) (int, error) {
						sent.Add(int64(len(p)))
						return copy(p, endless), nil
					},
					close: func() { close(closed) },
				}
				return resp, err
			})
			out, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
			require.Nil(t, out)
			var unexpected *errors.UnexpectedResponseError
			require.ErrorAs(t, err, &unexpected)
			require.True(t, unexpected.Streaming)
			require.Equal(t, tc.contentType, unexpected.ContentType)
			require.ErrorContains(t, err, tc.reason)
			require.True(t, errors.MayHaveExecuted(err))
			require.Equal(t, retry.Class{Retryable: true, MayHaveExecuted: true}, retry.Classify(unexpected))
			<-closed
			require.LessOrEqual(t, sent.Load(), int64(64<<10))
		})
	}
}

func TestAnEventStreamIsKnownInAnySpelling(t *testing.T) {
	for _, contentType := range []string{"application/vnd.amazon.eventstream", "Application/VND.amazon.EventStream; charset=x"} {
		opts := streamed(new(frames).chunk([]byte("x")).complete(eventstream.Complete{}))
		answered := opts.HTTPClient.(doer)
		opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
			resp, err := answered(r)
			resp.Header.Set("Content-Type", contentType)
			return resp, err
		})
		out := open(t, opts)
		body, err := io.ReadAll(out.Body)
		require.NoError(t, err)
		require.Equal(t, "x", string(body))
		require.Equal(t, contentType, out.ContentType)
	}
}

func TestACallIsRetriedUntilItsStreamBegins(t *testing.T) {
	var requests atomic.Int64
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			reply(http.StatusRequestTimeout, map[string]string{"X-Amzn-Errortype": "EFSMountConnectivityException"}, "{}")(w, r)
			return
		}
		streaming(func(w io.Writer, _ *http.Request) {
			w.Write(new(frames).chunk([]byte("half")).Bytes()) // and then nothing
		})(w, r)
	})
	opts.Retry = retry.Policy{BaseDelay: time.Nanosecond, Idempotent: true}
	out := open(t, opts)
	require.Equal(t, 2, out.Attempts)
	body, err := io.ReadAll(out.Body)
	require.Equal(t, "half", string(body))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.EqualValues(t, 2, requests.Load(), "what was handed out cannot be taken back")
}

func TestMiddlewareThatRefusesAStreamDoesNotLeaveItOpen(t *testing.T) {
	ended := make(chan struct{})
	refusal := errors.New("refused by middleware")
	opts := serve(t, streaming(func(_ io.Writer, r *http.Request) {
		<-r.Context().Done()
		close(ended)
	}))
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Refuse", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			require.NoError(t, err)
			return out, metadata, refusal
		}), middleware.Before)
	})
	_, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
	require.ErrorIs(t, err, refusal)
	<-ended
}

func TestMiddlewareMayReadAStreamAndWrapIt(t *testing.T) {
	opts := streamed(new(frames).chunk([]byte("hello")).complete(eventstream.Complete{LogResult: base64Of("log")}))
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Wrap", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			result := out.Result.(*invoke.InvokeWithResponseStreamOutput)
			all, readErr := io.ReadAll(result.Body)
			require.NoError(t, readErr)
			result.Body = io.NopCloser(io.MultiReader(bytesOf("<"), bytesOf(string(all)), bytesOf(">")))
			return out, metadata, err
		}), middleware.Before)
	})
	out := open(t, opts)
	body, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Equal(t, "<hello>", string(body))
	log, err := out.Log()
	require.NoError(t, err)
	require.Equal(t, "log", string(log))
}

func TestMiddlewareMayReplaceAStreamByAnOutputOfItsOwn(t *testing.T) {
	for name, tc := range map[string]struct {
		result any
		err    string
	}{
		"by another":  {&invoke.InvokeWithResponseStreamOutput{StatusCode: 299, Body: http.NoBody}, ""},
		"by nonsense": {"text", "operation error Lambda: InvokeWithResponseStream, the middleware stack returned a string in place of an output"},
		"by nil": {(*invoke.InvokeWithResponseStreamOutput)(nil),
			"operation error Lambda: InvokeWithResponseStream, the middleware stack returned a *invoke.InvokeWithResponseStreamOutput in place of an output"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := streamed(framed([]byte("hello"), 5))
			opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
				return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Replace", func(
					ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
				) (middleware.InitializeOutput, middleware.Metadata, error) {
					out, metadata, err := next.HandleInitialize(ctx, in)
					out.Result.(*invoke.InvokeWithResponseStreamOutput).Body.Close()
					out.Result = tc.result
					return out, metadata, err
				}), middleware.Before)
			})
			out, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
			if tc.err != "" {
				require.EqualError(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, 299, out.StatusCode)
			_, ok := out.Report()
			require.False(t, ok)
		})
	}
}
