package observability

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

const (
	rpc       = " rpc.method=Invoke rpc.service=Lambda"
	rpcAuth   = " auth.scheme_id=aws.auth#sigv4" + rpc
	throttled = "TooManyRequestsException"
)

// attempt is what every attempt that gets an answer looks like.
var attempt = []string{"Attempt", "Attempt/GetIdentity", "Attempt/ResolveEndpoint", "Attempt/SignRequest", "Attempt/DoHTTPRequest", "Attempt/OperationDeserializer"}

// ofCall are the spans of a call with attempts. The payload is hashed once.
func ofCall(attempts ...[]string) []string {
	spans := []string{"Lambda.Invoke", "Lambda.Invoke/OperationSerializer", "Lambda.Invoke/RetryLoop"}
	for i, attempt := range attempts {
		for _, span := range attempt {
			if i == 0 && span == "Attempt/SignRequest" {
				spans = append(spans, "Lambda.Invoke/RetryLoop/Attempt/ComputePayloadSHA256")
			}
			spans = append(spans, "Lambda.Invoke/RetryLoop/"+span)
		}
	}
	return spans
}

// values are the attributes that every call's span has, with more.
func values(more map[string]any) map[string]any {
	all := map[string]any{
		"rpc.system":                 "aws-api",
		"rpc.service":                "Lambda",
		"rpc.method":                 "Invoke",
		"faas.invoked_provider":      "aws",
		"faas.invoked_region":        "us-east-1",
		"faas.invoked_name":          "echo",
		"aws.lambda.invocation_type": "RequestResponse",
		"operation.attempts":         int64(1),
		"error":                      false,
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

func TestASuccessIsASpanForEachPartOfACall(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	client := newClient(t, s.Options(), o.watch)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:echo:live", Payload: []byte(`{"a":1}`)})
	require.NoError(t, err)

	require.Equal(t, ofCall(attempt), o.tree())
	root := o.span("Lambda.Invoke", 0)
	require.Equal(t, trace.SpanKindClient, root.SpanKind)
	require.Equal(t, codes.Ok, root.Status.Code)
	require.Equal(t, "github.com/aws/aws-sdk-go-v2/service/lambda", root.InstrumentationScope.Name)
	requestID := s.Requests()[0].RequestID
	require.Equal(t, values(map[string]any{
		"aws.lambda.qualifier":        "live",
		"aws.lambda.executed_version": "live",
		"aws.request_id":              requestID,
		"http.response.status_code":   int64(200),
	}), attributes(root))

	one := o.span("Attempt", 0)
	require.Equal(t, codes.Unset, one.Status.Code)
	require.Equal(t, map[string]any{
		"operation.attempt":           int64(1),
		"aws.lambda.executed_version": "live",
		"aws.request_id":              requestID,
		"http.response.status_code":   int64(200),
	}, attributes(one))
	host, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"net.peer.name":                net.JoinHostPort(host, port),
		"net.peer.host":                host,
		"net.peer.port":                port,
		"http.method":                  "POST",
		"http.request_content_length":  int64(7),
		"http.response_content_length": int64(7),
		"http.status_code":             int64(200),
		"net.protocol.version":         "1.1",
	}, attributes(o.span("DoHTTPRequest", 0)))
	require.Equal(t, map[string]any{"client.call.resolved_endpoint": s.URL()}, attributes(o.span("ResolveEndpoint", 0)))

	require.Equal(t, map[string]int64{
		"client.call.duration" + rpc:                           1,
		"client.call.attempts" + rpc:                           1,
		"client.call.attempt_duration" + rpc:                   1,
		"client.call.serialization_duration" + rpc:             1,
		"client.call.deserialization_duration" + rpc:           1,
		"client.call.resolve_endpoint_duration" + rpc:          1,
		"client.call.auth.resolve_identity_duration" + rpcAuth: 1,
		"client.call.auth.signing_duration" + rpcAuth:          1,
		"client.http.connections.acquire_duration":             1,
		"client.http.connections.usage state=acquired":         0,
		"client.http.do_request_duration":                      1,
		"client.http.time_to_first_byte":                       1,
	}, o.counts())
}

func TestARetryIsASpanForEachAttempt(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	s.Script("echo", invoketest.Throw(throttled), invoketest.HangUp(invoketest.BeforeRun, invoketest.Reset))
	client := newClient(t, s.Options(), o.watch, fast, func(o *invoke.Options) { o.Retry.Idempotent = true })
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	require.NoError(t, err)
	require.Equal(t, 3, out.Attempts)

	lost := attempt[:len(attempt)-1] // nothing to deserialize
	require.Equal(t, ofCall(attempt, lost, attempt), o.tree())
	root := o.span("Lambda.Invoke", 0)
	require.Equal(t, codes.Ok, root.Status.Code)
	require.Equal(t, int64(3), attributes(root)["operation.attempts"])

	require.Equal(t, map[string]any{
		"operation.attempt":            int64(1),
		"aws.lambda.may_have_executed": false,
		"aws.request_id":               s.Requests()[0].RequestID,
		"http.response.status_code":    int64(429),
		"error.type":                   throttled,
	}, attributes(o.span("Attempt", 0)))
	require.Equal(t, codes.Error, o.span("Attempt", 0).Status.Code)
	require.Equal(t, map[string]any{
		"operation.attempt":            int64(2),
		"aws.lambda.may_have_executed": true,
		"error.type":                   "*errors.TransportError",
	}, attributes(o.span("Attempt", 1)))
	require.Equal(t, codes.Error, o.span("DoHTTPRequest", 1).Status.Code)
	require.Equal(t, int64(3), attributes(o.span("Attempt", 2))["operation.attempt"])

	counts := o.counts()
	require.Equal(t, int64(1), counts["client.call.duration"+rpc])
	require.Equal(t, int64(3), counts["client.call.attempts"+rpc])
	require.Equal(t, int64(3), counts["client.call.attempt_duration"+rpc])
	require.Equal(t, int64(1), counts["client.call.errors exception.type="+throttled+rpc])
	require.Equal(t, int64(1), counts["client.call.errors exception.type=*errors.TransportError"+rpc])
	require.Zero(t, counts["client.http.connections.usage state=acquired"])
}

func TestAFunctionErrorShowsOnTheSpans(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	s.Handle("fails", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no such order") })
	client := newClient(t, s.Options(), o.watch)
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "fails"})
	require.NoError(t, err)
	require.Error(t, out.Err())

	require.Equal(t, ofCall(attempt), o.tree())
	for _, name := range []string{"Lambda.Invoke", "Attempt"} {
		span := o.span(name, 0)
		require.Equal(t, codes.Error, span.Status.Code)
		require.Equal(t, "Unhandled", attributes(span)["aws.lambda.function_error"])
		require.Equal(t, "*errors.FunctionError", attributes(span)["error.type"])
		require.Equal(t, int64(200), attributes(span)["http.response.status_code"])
	}
	require.Equal(t, true, attributes(o.span("Lambda.Invoke", 0))["error"])
	for name := range o.counts() { // the service did not fail
		require.NotContains(t, name, "client.call.errors")
	}
}

func TestAServiceErrorShowsWithItsCodeAndWithoutItsMessage(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	client := newClient(t, s.Options(), o.watch)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing", InvocationType: invoke.InvocationTypeEvent})
	require.Error(t, err)

	require.Equal(t, ofCall(attempt), o.tree())
	root := o.span("Lambda.Invoke", 0)
	require.Equal(t, codes.Error, root.Status.Code)
	requestID := s.Requests()[0].RequestID
	require.Equal(t, values(map[string]any{
		"faas.invoked_name":            "missing",
		"aws.lambda.invocation_type":   "Event",
		"aws.lambda.may_have_executed": false,
		"aws.request_id":               requestID,
		"http.response.status_code":    int64(404),
		"error":                        true,
		"error.type":                   "ResourceNotFoundException",
		"api.error_code":               "ResourceNotFoundException",
		"api.error_fault":              "client",
		"exception.type":               "*http.ResponseError",
		"exception.message":            "ResourceNotFoundException (status 404, request ID " + requestID + ")",
	}), attributes(root))
	require.Equal(t, int64(1), o.counts()["client.call.errors exception.type=ResourceNotFoundException"+rpc])
}

func TestATransportErrorShowsItsStage(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	s.Inject(func(*invoketest.Request) invoketest.Fault {
		return invoketest.HangUp(invoketest.ReplyHeaders, invoketest.Close)
	})
	client := newClient(t, s.Options(), o.watch)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	require.Error(t, err)

	require.Equal(t, ofCall(attempt[:len(attempt)-1]), o.tree())
	require.Equal(t, values(map[string]any{
		"aws.lambda.may_have_executed": true,
		"error":                        true,
		"error.type":                   "*errors.TransportError",
		"exception.type":               "*errors.TransportError",
		"exception.message":            "transport failed at stage await: unexpected EOF",
	}), attributes(o.span("Lambda.Invoke", 0)))
	counts := o.counts()
	require.Equal(t, int64(1), counts["client.call.errors exception.type=*errors.TransportError"+rpc])
	require.Zero(t, counts["client.http.connections.usage state=acquired"])
}

func TestACancelledCallIsSpansThatEnd(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Handle("waits", func(ctx context.Context, _ []byte) ([]byte, error) {
		cancel()
		return nil, nil
	})
	s.Script("waits", invoketest.HangUp(invoketest.AfterRun, invoketest.Stall))
	client := newClient(t, s.Options(), o.watch)
	_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "waits", Payload: []byte("{}")})
	require.ErrorIs(t, err, context.Canceled)

	require.Equal(t, ofCall(attempt[:len(attempt)-1]), o.tree())
	require.Equal(t, values(map[string]any{
		"faas.invoked_name":            "waits",
		"aws.lambda.may_have_executed": true,
		"error":                        true,
		"error.type":                   "*errors.TransportError",
		"exception.type":               "*errors.TransportError",
		"exception.message":            "transport failed at stage await: context canceled",
	}), attributes(o.span("Lambda.Invoke", 0)))
	require.Zero(t, o.counts()["client.http.connections.usage state=acquired"])
}

func TestWhatIsRefusedBeforeItIsSentIsASpanOfItsOwn(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	client := newClient(t, s.Options(), o.watch)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{})
	require.Error(t, err)
	require.Equal(t, []string{"Lambda.Invoke"}, o.tree())
	require.Equal(t, codes.Error, o.span("Lambda.Invoke", 0).Status.Code)
	require.Equal(t, map[string]int64{"client.call.duration" + rpc: 1}, o.counts())
}

func TestASpanOfTheCallerIsTheParent(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	client := newClient(t, s.Options(), o.watch)
	ctx, span := o.tracing.Tracer("of the caller").Start(t.Context(), "order")
	_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "echo"})
	require.NoError(t, err)
	span.End()
	require.Equal(t, []string{"order", "order/Lambda.Invoke"}, o.tree()[:2])
}

func TestANewConnectionIsMeasuredInItsParts(t *testing.T) {
	o := newObserver(t)
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = true })
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	client := newClient(t, s.Options(), o.watch, func(o *invoke.Options) {
		o.BaseEndpoint = strings.Replace(o.BaseEndpoint, "127.0.0.1", "localhost", 1)
	})
	for range 2 { // the second call finds the connection
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo"})
		require.NoError(t, err)
	}
	counts := o.counts()
	require.Equal(t, int64(1), counts["client.http.connections.dns_lookup_duration"])
	require.Equal(t, int64(1), counts["client.http.connections.tls_handshake_duration"])
	require.NotZero(t, counts["client.http.connections.acquire_duration"]) // one per address that was tried
	require.Equal(t, int64(2), counts["client.http.do_request_duration"])
}
