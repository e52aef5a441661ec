package invoke

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
)

// reportAll goes through everything that a call with a retry reports.
func reportAll(t *telemetry, c *call, in input, req *smithyhttp.Request, resp *http.Response, err error) {
	ctx, end := t.calling(c, in)
	t.serializing(ctx)()
	ctx, endLoop := t.retrying(ctx)
	attempt, endAttempt := t.attempting(ctx, c)
	_, endIdentity := t.gettingIdentity(attempt)
	endIdentity(nil)
	t.resolvingEndpoint(attempt)()
	t.hashing(attempt)()
	t.signing(attempt)()
	_, endSending := t.sending(attempt, req)
	endSending(resp, nil)
	t.deserializing(attempt)()
	endAttempt(nil, err)
	t.retry(ctx, c, err, 0)
	endLoop()
	end(nil, err)
}

// The parts of telemetry, and not a call, are measured: what a call allocates
// without them is no constant that would hold for every release of Go.
func TestACallThatNobodyWatchesAllocatesNothingForIt(t *testing.T) {
	for _, opts := range []Options{
		{},
		{TracerProvider: tracing.NopTracerProvider{}, MeterProvider: metrics.NopMeterProvider{}},
		{TracerProvider: &tracing.NopTracerProvider{}, MeterProvider: &metrics.NopMeterProvider{}},
	} {
		cfg := &config{Options: opts}
		require.NoError(t, cfg.setTelemetry(nil))
		require.Nil(t, cfg.telemetry)
	}

	quiet := &config{Options: Options{Logger: slog.New(slog.DiscardHandler)}}
	require.NoError(t, quiet.setTelemetry(nil))

	in, req := &InvokeInput{FunctionName: "f"}, smithyhttp.NewStackRequest().(*smithyhttp.Request)
	resp, err := &http.Response{StatusCode: 200, Body: http.NoBody}, errors.New("a fault")
	for name, cfg := range map[string]*config{"no options": new(config), "a logger that logs nothing": quiet} {
		t.Run(name, func(t *testing.T) {
			c := &call{Context: context.Background(), config: cfg, op: newOperation("Invoke", steps{}, nil)}
			require.Zero(t, testing.AllocsPerRun(100, func() { reportAll(cfg.telemetry, c, in, req, resp, err) }))
		})
	}
}
