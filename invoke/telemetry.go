package invoke

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
)

// telemetryScope names the source of spans and metrics. It, the names of both
// and their properties are those of the AWS SDK for Go, so that what reads the
// SDK's telemetry reads a client's.
const telemetryScope = "github.com/aws/aws-sdk-go-v2/service/lambda"

// telemetry reports calls to whoever watches them. A nil *telemetry reports
// nothing: each of its methods then returns at once and allocates nothing.
type telemetry struct {
	tracer tracing.Tracer // makes no spans where nobody traces
	traced bool
	meters *instruments // nil where nobody measures
	logger *slog.Logger // nil where nobody logs
}

// setTelemetry makes cfg's telemetry, or takes base's where the same watch.
func (cfg *config) setTelemetry(base *config) error {
	if base != nil && cfg.Logger == base.Logger &&
		same(cfg.TracerProvider, base.TracerProvider) && same(cfg.MeterProvider, base.MeterProvider) {
		cfg.telemetry = base.telemetry
		return nil
	}
	t := &telemetry{logger: cfg.Logger}
	t.tracer, t.traced = tracerOf(cfg.TracerProvider)
	if measures(cfg.MeterProvider) {
		var err error
		if t.meters, err = newInstruments(cfg.MeterProvider.Meter(telemetryScope)); err != nil {
			return fmt.Errorf("invoke: Options.MeterProvider: %w", err)
		}
	}
	if t.traced || t.meters != nil || t.logger != nil {
		cfg.telemetry = t
	}
	return nil
}

// same reports whether two providers are known to be one: a type whose values
// cannot be compared is never known to be.
func same(a, b any) bool {
	if a == nil || b == nil {
		return a == b
	}
	return reflect.ValueOf(a).Comparable() && a == b
}

func tracerOf(p tracing.TracerProvider) (tracer tracing.Tracer, traced bool) {
	switch p.(type) {
	case nil, tracing.NopTracerProvider, *tracing.NopTracerProvider:
		return tracing.NopTracerProvider{}.Tracer(telemetryScope), false
	}
	return p.Tracer(telemetryScope), true
}

func measures(p metrics.MeterProvider) bool {
	switch p.(type) {
	case nil, metrics.NopMeterProvider, *metrics.NopMeterProvider:
		return false
	}
	return true
}

// unwatched reports whether nobody traces and nobody measures.
func (t *telemetry) unwatched() bool { return t == nil || !t.traced && t.meters == nil }

func nothing() {}

func (t *telemetry) serializing(ctx context.Context) func() {
	if t.unwatched() {
		return nothing
	}
	return t.phase(ctx, "OperationSerializer", timeSerialization)
}

func (t *telemetry) resolvingEndpoint(ctx context.Context) func() {
	if t.unwatched() {
		return nothing
	}
	endpoint := &callFrom(ctx).config.endpoint
	return t.phase(ctx, "ResolveEndpoint", timeResolveEndpoint,
		property{"client.call.resolved_endpoint", endpoint.Scheme + "://" + endpoint.Host})
}

func (t *telemetry) hashing(ctx context.Context) func() {
	if t.unwatched() {
		return nothing
	}
	return t.phase(ctx, "ComputePayloadSHA256", untimed)
}

func (t *telemetry) signing(ctx context.Context) func() {
	if t.unwatched() {
		return nothing
	}
	return t.phase(ctx, "SignRequest", timeSigning)
}

func (t *telemetry) deserializing(ctx context.Context) func() {
	if t.unwatched() {
		return nothing
	}
	return t.phase(ctx, "OperationDeserializer", timeDeserialization)
}

// phase observes a part of a call that calls nothing else.
func (t *telemetry) phase(ctx context.Context, name string, timer timer, properties ...property) func() {
	_, span := t.tracer.StartSpan(ctx, name)
	setProperties(span, properties)
	start := time.Now()
	return func() {
		t.meters.record(ctx, timer, start)
		span.End()
	}
}

// gettingIdentity returns the context for the credentials provider, whose own
// spans belong below.
func (t *telemetry) gettingIdentity(ctx context.Context) (context.Context, func(error)) {
	if t.unwatched() {
		return ctx, func(error) {}
	}
	return t.observeIdentity(ctx)
}

func (t *telemetry) observeIdentity(ctx context.Context) (context.Context, func(error)) {
	inner, span := t.tracer.StartSpan(ctx, "GetIdentity")
	start := time.Now()
	return alone(inner, span), func(err error) {
		t.meters.record(ctx, timeResolveIdentity, start)
		if err != nil {
			setFailed(span, err)
		}
		span.End()
	}
}

// alone returns ctx for work that may go on beside and after the call, as a
// refresh of credentials does. Package tracing keeps the open spans in a slice
// that contexts share and append to, which two goroutines must not do at once;
// this one's has room for nothing.
func alone(ctx context.Context, span tracing.Span) context.Context {
	if _, some := tracing.GetSpan(ctx); !some {
		return ctx
	}
	for some := true; some; _, some = tracing.GetSpan(ctx) {
		ctx, _ = tracing.PopSpan(ctx)
	}
	return tracing.WithSpan(ctx, span)
}

func (t *telemetry) retrying(ctx context.Context) (context.Context, func()) {
	if t == nil || !t.traced {
		return ctx, nothing
	}
	ctx, span := t.tracer.StartSpan(ctx, "RetryLoop")
	return ctx, span.End
}

// property is an attribute of a span.
type property struct {
	name  string
	value any
}

func setProperties(span tracing.Span, properties []property) {
	for _, p := range properties {
		span.SetProperty(p.name, p.value)
	}
}
