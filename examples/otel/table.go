package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// table is an exporter of metrics that prints a line for each.
type table struct{ w io.Writer }

func (table) Temporality(k metric.InstrumentKind) metricdata.Temporality {
	return metric.DefaultTemporalitySelector(k)
}

func (table) Aggregation(k metric.InstrumentKind) metric.Aggregation {
	return metric.DefaultAggregationSelector(k)
}

func (t table) Export(_ context.Context, all *metricdata.ResourceMetrics) error {
	if _, err := fmt.Fprintln(t.w); err != nil { // after the trace
		return err
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if _, err := fmt.Fprintf(t.w, "%-43s %s\n", m.Name, sum(m.Data)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (table) ForceFlush(context.Context) error { return nil }
func (table) Shutdown(context.Context) error   { return nil }

// sum is a metric in short: of durations the mean, of the rest the total.
func sum(data metricdata.Aggregation) string {
	switch data := data.(type) {
	case metricdata.Histogram[float64]: // of seconds
		var n uint64
		var seconds float64
		for _, p := range data.DataPoints {
			n, seconds = n+p.Count, seconds+p.Sum
		}
		mean := time.Duration(seconds / float64(n) * float64(time.Second)).Round(time.Microsecond)
		return fmt.Sprintf("%d x %s", n, mean)
	case metricdata.Sum[int64]:
		var total int64
		for _, p := range data.DataPoints {
			total += p.Value
		}
		return fmt.Sprint(total)
	default:
		return fmt.Sprintf("%T", data)
	}
}
