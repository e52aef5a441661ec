package invoke_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// watcher is a tracer provider, a meter provider and the output of a logger.
type watcher struct {
	mu     sync.Mutex
	log    bytes.Buffer
	scopes []string
	spans  []*watchedSpan // as they ended
	open   int
	made   map[string]int // instruments
	points []point
}

type point struct {
	name       string
	value      float64
	properties map[any]any
}

func (w *watcher) watch(o *invoke.Options) {
	o.TracerProvider, o.MeterProvider = tracerProvider{w}, meterProvider{w}
	o.Logger = slog.New(slog.NewTextHandler(&lockedLog{w}, &slog.HandlerOptions{Level: slog.LevelDebug - 8}))
}

// everything is all that was reported, in text.
func (w *watcher) everything() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.log.String()
	for _, s := range w.spans {
		text += fmt.Sprintf("%s %v %v\n", s.name, s.status, s.properties)
	}
	for _, p := range w.points {
		text += fmt.Sprintf("%s %v %v\n", p.name, p.value, p.properties)
	}
	return text
}

func (w *watcher) spanNames() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.spans {
		names = append(names, s.name)
	}
	return names
}

func (w *watcher) sum(metric string) (sum float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.points {
		if p.name == metric {
			sum += p.value
		}
	}
	return sum
}

type lockedLog struct{ *watcher }

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Write(p)
}

type tracerProvider struct{ *watcher }

func (p tracerProvider) Tracer(scope string, _ ...tracing.TracerOption) tracing.Tracer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scopes = append(p.scopes, scope)
	return p
}

func (p tracerProvider) StartSpan(ctx context.Context, name string, opts ...tracing.SpanOption) (context.Context, tracing.Span) {
	var o tracing.SpanOptions
	for _, opt := range opts {
		opt(&o)
	}
	s := &watchedSpan{watcher: p.watcher, name: name, kind: o.Kind, properties: map[any]any{}}
	maps.Copy(s.properties, o.Properties.Values())
	if parent, ok := tracing.GetSpan(ctx); ok {
		s.parent = parent.Name()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open++
	return tracing.WithSpan(ctx, s), s
}

type watchedSpan struct {
	*watcher
	name, parent string
	kind         tracing.SpanKind
	status       tracing.SpanStatus
	properties   map[any]any
}

func (s *watchedSpan) Name() string                            { return s.name }
func (s *watchedSpan) Context() tracing.SpanContext            { return tracing.SpanContext{} }
func (s *watchedSpan) AddEvent(string, ...tracing.EventOption) {}
func (s *watchedSpan) SetStatus(status tracing.SpanStatus)     { s.status = status }
func (s *watchedSpan) SetProperty(k, v any)                    { s.properties[k] = v }
func (s *watchedSpan) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	s.spans = append(s.spans, s)
}

type meterProvider struct{ *watcher }

func (p meterProvider) Meter(scope string, _ ...metrics.MeterOption) metrics.Meter {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scopes = append(p.scopes, scope)
	return meter{metrics.NopMeterProvider{}.Meter(scope), p.watcher}
}

type meter struct {
	metrics.Meter
	watcher *watcher
}

func (m meter) make(name string) instrument {
	m.watcher.mu.Lock()
	defer m.watcher.mu.Unlock()
	if m.watcher.made == nil {
		m.watcher.made = map[string]int{}
	}
	m.watcher.made[name]++
	return instrument{m.watcher, name}
}

func (m meter) Float64Histogram(name string, _ ...metrics.InstrumentOption) (metrics.Float64Histogram, error) {
	return m.make(name), nil
}

func (m meter) Int64Counter(name string, _ ...metrics.InstrumentOption) (metrics.Int64Counter, error) {
	return m.make(name), nil
}

func (m meter) Int64UpDownCounter(name string, _ ...metrics.InstrumentOption) (metrics.Int64UpDownCounter, error) {
	return m.make(name), nil
}

type instrument struct {
	*watcher
	name string
}

func (i instrument) Add(ctx context.Context, n int64, opts ...metrics.RecordMetricOption) {
	i.Record(ctx, float64(n), opts...)
}

func (i instrument) Record(_ context.Context, value float64, opts ...metrics.RecordMetricOption) {
	var o metrics.RecordMetricOptions
	for _, opt := range opts {
		opt(&o)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.points = append(i.points, point{i.name, value, o.Properties.Values()})
}
