package telemetry_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// reportAll goes through everything that a call with a retry reports.
func reportAll(ctx context.Context, o *telemetry.Observer, resp *http.Response, err error) {
	ctx, call := o.StartCall(ctx, telemetry.Target{FunctionName: "f", Region: "us-east-1", InvocationType: "Event"})
	_, span := o.Start(ctx, telemetry.Serialize)
	span.End(nil)
	ctx, loop := o.Start(ctx, telemetry.RetryLoop)
	inner, attempt := o.StartAttempt(ctx, "f", 1)
	for _, part := range []telemetry.Part{telemetry.GetIdentity, telemetry.HashPayload, telemetry.Sign} {
		_, span := o.Start(inner, part)
		span.End(nil)
	}
	_, span = o.Start(inner, telemetry.ResolveEndpoint)
	span.EndResolved("https", "lambda.us-east-1.amazonaws.com")
	_, request := o.StartRequest(inner, http.MethodPost, 2)
	request.End(resp, nil)
	_, span = o.Start(inner, telemetry.Deserialize)
	span.End(nil)
	attempt.End(telemetry.Reply{StatusCode: 200, RequestID: "id"}, err)
	o.Retry(ctx, "f", 1, err, 0)
	loop.End(nil)
	call.End(1, telemetry.Reply{}, err)
}

func TestNoObserverIsMadeForProvidersThatDoNothing(t *testing.T) {
	for _, cfg := range []telemetry.Config{
		{},
		{TracerProvider: tracing.NopTracerProvider{}, MeterProvider: metrics.NopMeterProvider{}},
		{TracerProvider: &tracing.NopTracerProvider{}, MeterProvider: &metrics.NopMeterProvider{}},
	} {
		o, err := telemetry.New(cfg)
		require.NoError(t, err)
		require.Nil(t, o)
	}
}

// quiet is a log at a level at which nothing is logged.
type quiet struct{ telemetry.Log }

func (quiet) LogsAttempts(context.Context) bool { return false }
func (quiet) LogsRetries(context.Context) bool  { return false }

// The parts of telemetry, and not a call, are measured: what a call allocates
// without them is no constant that would hold for every release of Go.
func TestACallThatIsNotObservedAllocatesNothingForIt(t *testing.T) {
	logging, err := telemetry.New(telemetry.Config{Log: quiet{}})
	require.NoError(t, err)
	require.NotNil(t, logging)

	resp, fault := &http.Response{StatusCode: 200, Body: http.NoBody}, errors.New("a fault")
	for name, o := range map[string]*telemetry.Observer{"no options": nil, "a log that logs nothing": logging} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			require.Zero(t, testing.AllocsPerRun(100, func() { reportAll(ctx, o, resp, fault) }))
		})
	}
}
