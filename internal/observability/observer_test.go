package observability

import (
	"context"
	"slices"
	"strings"
	"testing"

	smithymetrics "github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/metrics/smithyotelmetrics"
	smithytracing "github.com/aws/smithy-go/tracing"
	"github.com/aws/smithy-go/tracing/smithyoteltracing"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// observer is OpenTelemetry with what it collects in memory.
type observer struct {
	t       *testing.T
	spans   *tracetest.InMemoryExporter
	tracing *trace.TracerProvider
	reader  *metric.ManualReader
	meters  *metric.MeterProvider
}

func newObserver(t *testing.T) *observer {
	o := &observer{t: t, spans: tracetest.NewInMemoryExporter(), reader: metric.NewManualReader()}
	o.tracing = trace.NewTracerProvider(trace.WithSyncer(o.spans))
	o.meters = metric.NewMeterProvider(metric.WithReader(o.reader))
	return o
}

func (o *observer) tracerProvider() smithytracing.TracerProvider {
	return smithyoteltracing.Adapt(o.tracing)
}

func (o *observer) meterProvider() smithymetrics.MeterProvider {
	return smithyotelmetrics.Adapt(o.meters)
}

func (o *observer) watch(opts *invoke.Options) {
	opts.TracerProvider, opts.MeterProvider = o.tracerProvider(), o.meterProvider()
}

// span returns the n-th span with a name, in the order in which they began.
func (o *observer) span(name string, n int) tracetest.SpanStub {
	o.t.Helper()
	var found []tracetest.SpanStub
	for _, s := range o.spans.GetSpans() {
		if s.Name == name {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b tracetest.SpanStub) int { return a.StartTime.Compare(b.StartTime) })
	require.Greater(o.t, len(found), n, "spans named %s", name)
	return found[n]
}

// tree is the spans as lines of "name/name/name", in the order in which they
// began.
func (o *observer) tree() []string {
	all := o.spans.GetSpans()
	slices.SortStableFunc(all, func(a, b tracetest.SpanStub) int { return a.StartTime.Compare(b.StartTime) })
	paths := map[string]string{}
	var lines []string
	for _, s := range all {
		path := s.Name
		if parent := paths[s.Parent.SpanID().String()]; parent != "" {
			path = parent + "/" + path
		}
		paths[s.SpanContext.SpanID().String()] = path
		lines = append(lines, path)
	}
	return lines
}

// attributes of a span, as Go values.
func attributes(s tracetest.SpanStub) map[string]any {
	values := map[string]any{}
	for _, a := range s.Attributes {
		values[string(a.Key)] = a.Value.AsInterface()
	}
	return values
}

// series is one metric with one set of attributes.
type series struct {
	scope, name, unit, kind string
	attributes              string
	count                   int64 // of a histogram; of a counter its value
}

func (o *observer) series() []series {
	o.t.Helper()
	var data metricdata.ResourceMetrics
	require.NoError(o.t, o.reader.Collect(context.Background(), &data))
	var all []series
	for _, scope := range data.ScopeMetrics {
		for _, m := range scope.Metrics {
			one := series{scope: scope.Scope.Name, name: m.Name, unit: m.Unit}
			switch points := m.Data.(type) {
			case metricdata.Histogram[float64]:
				one.kind = "histogram"
				for _, p := range points.DataPoints {
					one.attributes, one.count = text(p.Attributes), int64(p.Count)
					require.GreaterOrEqual(o.t, p.Sum, 0.0, m.Name)
					require.Less(o.t, p.Sum, 600.0, m.Name)
					all = append(all, one)
				}
			case metricdata.Sum[int64]:
				one.kind = "counter"
				if !points.IsMonotonic {
					one.kind = "up-down counter"
				}
				for _, p := range points.DataPoints {
					one.attributes, one.count = text(p.Attributes), p.Value
					all = append(all, one)
				}
			default:
				require.Fail(o.t, "unexpected data", "%s: %T", m.Name, m.Data)
			}
		}
	}
	slices.SortFunc(all, func(a, b series) int { return strings.Compare(a.name+a.attributes, b.name+b.attributes) })
	return all
}

// counts are the series by name and attributes.
func (o *observer) counts() map[string]int64 {
	counts := map[string]int64{}
	for _, s := range o.series() {
		counts[strings.TrimSpace(s.name+" "+s.attributes)] = s.count
	}
	return counts
}

func text(set attribute.Set) string {
	var all []string
	for _, a := range set.ToSlice() {
		all = append(all, string(a.Key)+"="+a.Value.String())
	}
	return strings.Join(all, " ")
}

// newServer starts an endpoint with the functions of these tests.
func newServer(t *testing.T) *invoketest.Server {
	s := invoketest.NewServer(t)
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	return s
}

func newClient(t *testing.T, opts invoke.Options, optFns ...func(*invoke.Options)) *invoke.Client {
	t.Helper()
	client, err := invoke.New(opts, optFns...)
	require.NoError(t, err)
	return client
}

// fast makes retries come at once.
func fast(o *invoke.Options) { o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = 1, 1 }
