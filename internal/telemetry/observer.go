package telemetry

import (
	"context"
	"time"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
)

// scope names the source of spans and metrics. It is the AWS SDK for Go's, so
// that what reads the SDK's telemetry reads this client's.
const scope = "github.com/aws/aws-sdk-go-v2/service/lambda"

// Config says where to report to. Each field may be nil.
type Config struct {
	TracerProvider tracing.TracerProvider
	MeterProvider  metrics.MeterProvider
	Log            Log
	// Known are errors of the client itself, compared by identity, whose texts
	// are fixed and so may be reported.
	Known []error
}

// Observer reports calls. A nil Observer reports nothing. It is safe for
// concurrent use.
type Observer struct {
	tracer tracing.Tracer // without a provider one whose spans do nothing
	traced bool
	meters *instruments // nil without a provider
	log    Log          // may be nil
	known  []error
}

// New returns an Observer, nil if there is nothing to report to. Its error is the
// meter's, when it cannot make an instrument.
func New(cfg Config) (*Observer, error) {
	o := &Observer{log: cfg.Log, known: cfg.Known}
	o.tracer, o.traced = tracerOf(cfg.TracerProvider)
	if measures(cfg.MeterProvider) {
		var err error
		if o.meters, err = newInstruments(cfg.MeterProvider.Meter(scope)); err != nil {
			return nil, err
		}
	}
	if o.unwatched() && o.log == nil {
		return nil, nil
	}
	return o, nil
}

func tracerOf(p tracing.TracerProvider) (tracer tracing.Tracer, traced bool) {
	switch p.(type) {
	case nil, tracing.NopTracerProvider, *tracing.NopTracerProvider:
		return tracing.NopTracerProvider{}.Tracer(scope), false
	}
	return p.Tracer(scope), true
}

func measures(p metrics.MeterProvider) bool {
	switch p.(type) {
	case nil, metrics.NopMeterProvider, *metrics.NopMeterProvider:
		return false
	}
	return true
}

// unwatched reports whether there are neither spans nor metrics.
func (o *Observer) unwatched() bool { return o == nil || !o.traced && o.meters == nil }

// Part is a part of a call that is neither an attempt nor a request.
type Part uint8

// The parts of a call.
const (
	Serialize Part = iota
	RetryLoop
	GetIdentity
	ResolveEndpoint
	HashPayload
	Sign
	Deserialize
)

var parts = [...]struct {
	span  string
	timer timer
}{
	Serialize:       {"OperationSerializer", timeSerialization},
	RetryLoop:       {"RetryLoop", untimed},
	GetIdentity:     {"GetIdentity", timeResolveIdentity},
	ResolveEndpoint: {"ResolveEndpoint", timeResolveEndpoint},
	HashPayload:     {"ComputePayloadSHA256", untimed},
	Sign:            {"SignRequest", timeSigning},
	Deserialize:     {"OperationDeserializer", timeDeserialization},
}

// Span observes a part of a call from its start to its end.
type Span struct {
	span   tracing.Span // nil in a zero Span
	meters *instruments
	ctx    context.Context
	timer  timer
	start  time.Time
}

// Start observes a part of the call that ctx belongs to. The context that it
// returns is for what the part itself calls.
func (o *Observer) Start(ctx context.Context, p Part) (context.Context, Span) {
	if o.unwatched() {
		return ctx, Span{}
	}
	inner, span := o.tracer.StartSpan(ctx, parts[p].span)
	if p == GetIdentity {
		inner = detached(inner, span)
	}
	return inner, Span{span: span, meters: o.meters, ctx: ctx, timer: parts[p].timer, start: time.Now()}
}

// EndResolved ends the part that resolved the endpoint.
func (s Span) EndResolved(scheme, host string) {
	if s.span != nil {
		s.span.SetProperty("client.call.resolved_endpoint", scheme+"://"+host)
	}
	s.End(nil)
}

// End ends the part, which failed if err is not nil.
func (s Span) End(err error) {
	if s.span == nil {
		return
	}
	s.meters.record(s.ctx, s.timer, s.start)
	if err != nil {
		setFailed(s.span, err)
	}
	s.span.End()
}

// detached returns ctx for work that may go on beside and after the call, as a
// refresh of credentials does. Package tracing keeps the open spans in a slice
// that contexts share and append to, which two goroutines must not do at once.
// The slice of the context returned has no spare capacity.
func detached(ctx context.Context, span tracing.Span) context.Context {
	if _, some := tracing.GetSpan(ctx); !some {
		return ctx
	}
	for some := true; some; _, some = tracing.GetSpan(ctx) {
		ctx, _ = tracing.PopSpan(ctx)
	}
	return tracing.WithSpan(ctx, span)
}
