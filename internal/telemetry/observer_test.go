package telemetry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry/telemetrytest"
)

func observe(t *testing.T, w *telemetrytest.Watcher, log telemetry.Log) *telemetry.Observer {
	t.Helper()
	o, err := telemetry.New(telemetry.Config{TracerProvider: w.TracerProvider(), MeterProvider: w.MeterProvider(), Log: log})
	require.NoError(t, err)
	return o
}

// operation is the context that smithy-go's middleware sees.
func operation(t *testing.T) context.Context {
	return middleware.WithOperationName(middleware.WithServiceID(t.Context(), "Lambda"), "Invoke")
}

func body(text string) *http.Response {
	return &http.Response{StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}
}

func TestSpansAreBelowEachOtherAsTheyWereStarted(t *testing.T) {
	var w telemetrytest.Watcher
	reportAll(operation(t), observe(t, &w, nil), body("{}"), errors.New("a fault"))
	require.Zero(t, w.Open)
	parents := map[string]string{}
	for _, s := range w.Spans {
		parents[s.Name()] = s.Parent
	}
	require.Equal(t, map[string]string{
		"Lambda.Invoke":         "",
		"OperationSerializer":   "Lambda.Invoke",
		"RetryLoop":             "Lambda.Invoke",
		"Attempt":               "RetryLoop",
		"GetIdentity":           "Attempt",
		"ResolveEndpoint":       "Attempt",
		"ComputePayloadSHA256":  "Attempt",
		"SignRequest":           "Attempt",
		"DoHTTPRequest":         "Attempt",
		"OperationDeserializer": "Attempt",
	}, parents)
}

func TestEveryDurationIsMeasuredOnceUnderItsOperation(t *testing.T) {
	var w telemetrytest.Watcher
	reportAll(operation(t), observe(t, &w, nil), body("{}"), nil)
	for metric, count := range map[string]int{
		"client.call.duration":                       1,
		"client.call.attempts":                       1,
		"client.call.attempt_duration":               1,
		"client.call.errors":                         0,
		"client.call.serialization_duration":         1,
		"client.call.deserialization_duration":       1,
		"client.call.auth.resolve_identity_duration": 1,
		"client.call.auth.signing_duration":          1,
		"client.call.resolve_endpoint_duration":      1,
		"client.http.do_request_duration":            1,
	} {
		require.Equal(t, count, w.Count(metric), metric)
	}
	for _, p := range w.Points {
		if strings.HasPrefix(p.Name, "client.call.") {
			require.Equal(t, "Lambda", p.Properties["rpc.service"], p.Name)
			require.Equal(t, "Invoke", p.Properties["rpc.method"], p.Name)
		}
	}
}

func TestTheTargetIsReadFromNameOrARN(t *testing.T) {
	for _, tc := range []struct {
		to              telemetry.Target
		name, qualifier any
	}{
		{telemetry.Target{FunctionName: "f"}, "f", nil},
		{telemetry.Target{FunctionName: "f:live"}, "f", "live"},
		{telemetry.Target{FunctionName: "f", Qualifier: "3"}, "f", "3"},
		{telemetry.Target{FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:f:live"}, "f", "live"},
		{telemetry.Target{FunctionName: "123456789012:function:f"}, "f", nil},
	} {
		var w telemetrytest.Watcher
		_, call := observe(t, &w, nil).StartCall(operation(t), tc.to)
		call.End(0, telemetry.Reply{}, nil)
		require.Equal(t, tracing.SpanKindClient, w.Spans[0].Kind)
		require.Equal(t, tracing.SpanStatusOK, w.Spans[0].Status)
		require.Equal(t, tc.name, w.Spans[0].Properties["faas.invoked_name"])
		require.Equal(t, tc.qualifier, w.Spans[0].Properties["aws.lambda.qualifier"])
		require.NotContains(t, w.Spans[0].Properties, "operation.attempts")
	}
}

func TestAFunctionErrorFailsTheSpanAndNotTheMetrics(t *testing.T) {
	var w telemetrytest.Watcher
	ctx, call := observe(t, &w, nil).StartCall(operation(t), telemetry.Target{})
	_, attempt := observe(t, &w, nil).StartAttempt(ctx, "f", 1)
	reply := telemetry.Reply{StatusCode: 200, FunctionError: "Unhandled"}
	attempt.End(reply, nil)
	call.End(1, reply, nil)
	for _, s := range w.Spans {
		require.Equal(t, tracing.SpanStatusError, s.Status)
		require.Equal(t, "*errors.FunctionError", s.Properties["error.type"])
	}
	require.Zero(t, w.Count("client.call.errors"))
}

func TestRecordsHaveWhatIsKnown(t *testing.T) {
	var log journal
	var w telemetrytest.Watcher
	o := observe(t, &w, &log)
	ctx, attempt := o.StartAttempt(operation(t), "f:live", 2)
	attempt.End(telemetry.Reply{StatusCode: 502, RequestID: "id"}, io.EOF)
	o.Retry(ctx, "f:live", 2, io.EOF, time.Second)
	require.NotZero(t, log.attempts[0].Duration)
	log.attempts[0].Duration = 0
	require.Equal(t, []telemetry.AttemptRecord{{
		Operation: "Invoke", FunctionName: "f:live", Attempt: 2, StatusCode: 502, RequestID: "id",
		ErrorType: "*errors.errorString", Error: "EOF", MayHaveExecuted: true,
	}}, log.attempts)
	require.Equal(t, []telemetry.RetryRecord{{
		Operation: "Invoke", FunctionName: "f:live", Attempt: 2, Delay: time.Second,
		ErrorType: "*errors.errorString", Error: "EOF", MayHaveExecuted: true,
	}}, log.retries)
}

func TestAConnectionIsInUseFromItsHookToTheEndOfTheBody(t *testing.T) {
	const usage = "client.http.connections.usage"
	ends := map[string]func(*http.Response, *httptrace.ClientTrace){
		"read":  func(resp *http.Response, _ *httptrace.ClientTrace) { io.Copy(io.Discard, resp.Body) },
		"close": func(resp *http.Response, _ *httptrace.ClientTrace) { resp.Body.Close(); resp.Body.Close() },
		"idle":  func(_ *http.Response, hooks *httptrace.ClientTrace) { hooks.PutIdleConn(nil) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			var w telemetrytest.Watcher
			ctx, request := observe(t, &w, nil).StartRequest(operation(t), http.MethodPost, 2)
			hooks := httptrace.ContextClientTrace(ctx)
			hooks.GotConn(httptrace.GotConnInfo{})
			hooks.GotConn(httptrace.GotConnInfo{}) // another one, for the same request
			resp := body("{}")
			request.End(resp, nil)
			require.Equal(t, 1.0, w.Sum(usage))
			end(resp, hooks)
			require.Zero(t, w.Sum(usage))
		})
	}
	for name, end := range map[string]func(telemetry.Request){
		"error":   func(r telemetry.Request) { r.End(nil, io.EOF) },
		"no body": func(r telemetry.Request) { r.End(&http.Response{Body: http.NoBody}, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			var w telemetrytest.Watcher
			ctx, request := observe(t, &w, nil).StartRequest(operation(t), http.MethodPost, 0)
			httptrace.ContextClientTrace(ctx).GotConn(httptrace.GotConnInfo{})
			end(request)
			require.Zero(t, w.Sum(usage))
			require.Equal(t, 2, w.Count(usage))
		})
	}
}
