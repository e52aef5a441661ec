package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tree is an exporter of spans that prints them when it is shut down, each
// below its parent and in the order in which they began.
type tree struct {
	w     io.Writer
	spans []sdktrace.ReadOnlySpan
}

func (t *tree) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	t.spans = append(t.spans, spans...)
	return nil
}

func (t *tree) Shutdown(context.Context) error {
	slices.SortStableFunc(t.spans, func(a, b sdktrace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	return t.print(trace.SpanID{}, 0)
}

// print prints the spans below a parent. That of a root has no ID.
func (t *tree) print(parent trace.SpanID, depth int) error {
	for _, s := range t.spans {
		if s.Parent().SpanID() != parent {
			continue
		}
		name := strings.Repeat("  ", depth) + s.Name()
		took := s.EndTime().Sub(s.StartTime()).Round(time.Microsecond)
		if _, err := fmt.Fprintln(t.w, strings.TrimRight(fmt.Sprintf("%-32s %10s  %s", name, took, remarks(s)), " ")); err != nil {
			return err
		}
		if err := t.print(s.SpanContext().SpanID(), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// remarks are what there is to know about an attempt, and why a span failed.
func remarks(s sdktrace.ReadOnlySpan) string {
	var all []string
	for _, attribute := range s.Attributes() {
		switch value := attribute.Value.String(); attribute.Key {
		case "operation.attempt":
			all = append(all, "attempt "+value)
		case "error.type":
			all = append(all, value)
		case "aws.lambda.may_have_executed":
			all = append(all, "may have run: "+value)
		}
	}
	return strings.Join(all, ", ")
}
