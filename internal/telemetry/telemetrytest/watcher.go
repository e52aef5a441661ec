// Package telemetrytest has a tracer provider and a meter provider that keep what
// they are told, for tests.
package telemetrytest

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
)

// Watcher keeps spans and measurements. The zero value is ready. Its fields may be
// read when nothing reports any more.
type Watcher struct {
	mu     sync.Mutex
	Scopes []string // of the tracers and meters that were made
	Spans  []*Span  // in the order in which they ended
	Open   int      // spans
	Made   map[string]int
	Points []Point
}

// Point is one measurement.
type Point struct {
	Name       string
	Value      float64
	Properties map[any]any
}

// Span is a span, which knows its parent by name.
type Span struct {
	watcher    *Watcher
	Parent     string
	Kind       tracing.SpanKind
	Status     tracing.SpanStatus
	Properties map[any]any
	name       string
}

// TracerProvider returns a provider whose spans w keeps. It can be compared.
func (w *Watcher) TracerProvider() tracing.TracerProvider { return tracer{w} }

// MeterProvider returns a provider whose measurements w keeps. It can be compared.
func (w *Watcher) MeterProvider() metrics.MeterProvider { return meters{w} }

// Text is all that was reported, a line for each span and for each measurement.
func (w *Watcher) Text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var text strings.Builder
	for _, s := range w.Spans {
		fmt.Fprintf(&text, "%s %v %v\n", s.name, s.Status, s.Properties)
	}
	for _, p := range w.Points {
		fmt.Fprintf(&text, "%s %v %v\n", p.Name, p.Value, p.Properties)
	}
	return text.String()
}

// SpanNames returns the names of the spans in the order in which they ended.
func (w *Watcher) SpanNames() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.Spans {
		names = append(names, s.name)
	}
	return names
}

// Sum adds up the measurements of a metric.
func (w *Watcher) Sum(metric string) (sum float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.Points {
		if p.Name == metric {
			sum += p.Value
		}
	}
	return sum
}

// Count returns how many measurements of a metric there were.
func (w *Watcher) Count(metric string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.Points {
		if p.Name == metric {
			n++
		}
	}
	return n
}

type tracer struct{ *Watcher }

func (t tracer) Tracer(scope string, _ ...tracing.TracerOption) tracing.Tracer {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Scopes = append(t.Scopes, scope)
	return t
}

func (t tracer) StartSpan(ctx context.Context, name string, opts ...tracing.SpanOption) (context.Context, tracing.Span) {
	var o tracing.SpanOptions
	for _, opt := range opts {
		opt(&o)
	}
	s := &Span{watcher: t.Watcher, name: name, Kind: o.Kind, Properties: map[any]any{}}
	maps.Copy(s.Properties, o.Properties.Values())
	if parent, ok := tracing.GetSpan(ctx); ok {
		s.Parent = parent.Name()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Open++
	return tracing.WithSpan(ctx, s), s
}

// Name returns the span's name.
func (s *Span) Name() string { return s.name }

// Context returns none.
func (s *Span) Context() tracing.SpanContext { return tracing.SpanContext{} }

// AddEvent forgets the event.
func (s *Span) AddEvent(string, ...tracing.EventOption) {}

// SetStatus keeps the status.
func (s *Span) SetStatus(status tracing.SpanStatus) { s.Status = status }

// SetProperty keeps the property.
func (s *Span) SetProperty(k, v any) { s.Properties[k] = v }

// End hands the span to its Watcher.
func (s *Span) End() {
	s.watcher.mu.Lock()
	defer s.watcher.mu.Unlock()
	s.watcher.Open--
	s.watcher.Spans = append(s.watcher.Spans, s)
}

type meters struct{ *Watcher }

func (m meters) Meter(scope string, _ ...metrics.MeterOption) metrics.Meter {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Scopes = append(m.Scopes, scope)
	return meter{metrics.NopMeterProvider{}.Meter(scope), m.Watcher}
}

type meter struct {
	metrics.Meter
	watcher *Watcher
}

func (m meter) make(name string) instrument {
	m.watcher.mu.Lock()
	defer m.watcher.mu.Unlock()
	if m.watcher.Made == nil {
		m.watcher.Made = map[string]int{}
	}
	m.watcher.Made[name]++
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
	watcher *Watcher
	name    string
}

func (i instrument) Add(ctx context.Context, n int64, opts ...metrics.RecordMetricOption) {
	i.Record(ctx, float64(n), opts...)
}

func (i instrument) Record(_ context.Context, value float64, opts ...metrics.RecordMetricOption) {
	var o metrics.RecordMetricOptions
	for _, opt := range opts {
		opt(&o)
	}
	i.watcher.mu.Lock()
	defer i.watcher.mu.Unlock()
	i.watcher.Points = append(i.watcher.Points, Point{i.name, value, o.Properties.Values()})
}
