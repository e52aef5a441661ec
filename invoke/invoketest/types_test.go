package invoketest_test

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/logtail"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestAnEventIsAcceptedAtOnceAndRunsInTheBackground(t *testing.T) {
	s := invoketest.NewServer(t)
	release, got := make(chan struct{}), make(chan string, 1)
	s.Handle("f", func(ctx context.Context, payload []byte) ([]byte, error) {
		select {
		case <-release:
			got <- string(payload)
		case <-ctx.Done(): // it must not end with the request
		}
		return nil, nil
	})
	resp, body := post(t, s, newRequest(t, s, `[1]`).header("X-Amz-Invocation-Type", "Event").sign(t))
	require.Equal(t, http.StatusAccepted, resp.StatusCode)
	require.Empty(t, body)
	require.Zero(t, resp.ContentLength)
	require.NotContains(t, resp.Header, "Content-Type")
	require.NotContains(t, resp.Header, "X-Amz-Executed-Version")
	require.NotEmpty(t, resp.Header.Get("X-Amzn-Requestid"))
	require.Equal(t, 1, s.Runs("f"))

	close(release)
	require.NoError(t, s.Wait(t.Context()))
	require.Equal(t, "[1]", <-got)
}

func TestADryRunRunsNothing(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f", InvocationType: invoke.InvocationTypeDryRun})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, out.StatusCode)
	require.Empty(t, out.Payload)
	require.Zero(t, s.Runs("f"))
	require.False(t, s.Requests()[0].Ran)

	_, err = call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "g", InvocationType: invoke.InvocationTypeDryRun})
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestTheLogTailHasWhatTheFunctionAndThePlatformWrote(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) {
		invoketest.Logf(ctx, "got %d", 1)
		_, err := io.WriteString(invoketest.LogWriter(ctx), "two\n")
		return []byte("null"), err
	})
	c := newClient(t, s)
	out, err := call(t, c, invoke.InvokeInput{FunctionName: "f", LogType: invoke.LogTypeTail})
	require.NoError(t, err)
	log, err := out.Log()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(log), "START RequestId: "+out.RequestID+" Version: $LATEST\ngot 1\ntwo\nEND RequestId: "+out.RequestID+"\nREPORT "), string(log))
	report, ok := logtail.ParseReport(log)
	require.True(t, ok)
	require.Equal(t, out.RequestID, report.RequestID)
	require.Positive(t, report.Duration)
	require.GreaterOrEqual(t, report.BilledDuration, report.Duration)

	out, err = call(t, c, invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Empty(t, out.LogResult)
}

func TestALongLogKeepsItsEnd(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) {
		for range 1000 {
			invoketest.Logf(ctx, "line")
		}
		invoketest.Logf(ctx, "%s", strings.Repeat("x", 5000))
		invoketest.Logf(ctx, "last")
		return nil, nil
	})
	out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f", LogType: invoke.LogTypeTail})
	require.NoError(t, err)
	log, err := out.Log()
	require.NoError(t, err)
	require.Len(t, log, 4096)
	require.Contains(t, string(log), "xxx\nlast\nEND RequestId")
	require.NotContains(t, string(log), "line")
}

func TestOutsideAnInvocationALogGoesNowhere(t *testing.T) {
	invoketest.Logf(t.Context(), "nobody")
	_, ok := invoketest.FromContext(t.Context())
	require.False(t, ok)
}

func TestAFunctionKnowsItsInvocation(t *testing.T) {
	s := invoketest.NewServer(t)
	got := make(chan invoketest.Invocation, 1)
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) {
		inv, _ := invoketest.FromContext(ctx)
		got <- inv
		return nil, nil
	})
	r := newRequest(t, s, "{}").
		header("X-Amz-Client-Context", base64.StdEncoding.EncodeToString([]byte(`{"custom":{"a":"b"}}`))).
		header("X-Amz-Tenant-Id", "blue").
		header("X-Amzn-Trace-Id", "Root=1-2-3").
		header("Amz-Sdk-Invocation-Id", "abc").
		header("Amz-Sdk-Request", "attempt=2; max=3")
	r.URL.RawQuery = "Qualifier=live"
	resp, _ := post(t, s, r.sign(t))
	require.Equal(t, invoketest.Invocation{
		RequestID:          resp.Header.Get("X-Amzn-Requestid"),
		InvocationID:       "abc",
		FunctionName:       "f",
		InvokedFunctionARN: "arn:aws:lambda:us-east-1:123456789012:function:f:live",
		ExecutedVersion:    "live",
		InvocationType:     invoke.InvocationTypeRequestResponse,
		ClientContext:      []byte(`{"custom":{"a":"b"}}`),
		TenantId:           "blue",
		TraceID:            "Root=1-2-3",
	}, <-got)

	r = newRequest(t, s, "{}").header("X-Amz-Invocation-Type", "Event").header("X-Amz-Client-Context", "e30=")
	_, _ = post(t, s, r.sign(t))
	inv := <-got
	require.Equal(t, invoke.InvocationTypeEvent, inv.InvocationType)
	require.Nil(t, inv.ClientContext, "asynchronous calls have none")
}

func TestAFunctionsContextEndsWithItsCaller(t *testing.T) {
	s := invoketest.NewServer(t)
	running := make(chan struct{})
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) {
		close(running)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-running; cancel() }()
	_, err := newClient(t, s).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, s.Wait(t.Context()))
}

func TestAFunctionThatEndsItsGoroutineIsARuntimeThatExited(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil })
	out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	var failure *errors.FunctionError
	require.ErrorAs(t, out.Err(), &failure)
	require.True(t, failure.IsRuntimeCrash())
}

func TestATypedFunctionRefusesWhatIsNotItsInput(t *testing.T) {
	s := invoketest.NewServer(t)
	invoketest.HandleFunc(s, "f", func(_ context.Context, in struct{ A int }) (map[string]int, error) {
		return map[string]int{"b": in.A + 1}, nil
	})
	c := newClient(t, s)
	out, err := call(t, c, invoke.InvokeInput{FunctionName: "f", Payload: []byte(`{"A":1}`)})
	require.NoError(t, err)
	require.Equal(t, `{"b":2}`, string(out.Payload))
	out, err = call(t, c, invoke.InvokeInput{FunctionName: "f", Payload: []byte(`"x"`)})
	require.NoError(t, err)
	var failure *errors.FunctionError
	require.ErrorAs(t, out.Err(), &failure)
	require.Equal(t, "UnmarshalTypeError", failure.ErrorType)
}
