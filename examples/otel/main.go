// Command otel traces and measures a call with OpenTelemetry, into the function
// and back, and prints the trace as a tree, or what OpenTelemetry's own exporters
// make of it (-json). It needs no account: the function runs at an endpoint
// inside this program.
//
//	go -C examples/otel run .
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"

	"github.com/aws/smithy-go/metrics/smithyotelmetrics"
	"github.com/aws/smithy-go/tracing/smithyoteltracing"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	asJSON := flag.Bool("json", false, "print spans and metrics as JSON, with all that is in them")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// exporters print to stdout.
func exporters(stdout io.Writer, asJSON bool) (sdktrace.SpanExporter, metric.Exporter, error) {
	if !asJSON {
		return &tree{w: stdout}, table{stdout}, nil
	}
	spans, err := stdouttrace.New(stdouttrace.WithWriter(stdout))
	if err != nil {
		return nil, nil, err
	}
	measurements, err := stdoutmetric.New(stdoutmetric.WithWriter(stdout))
	return spans, measurements, err
}

// run prints spans and metrics to stdout and logs to stderr.
func run(ctx context.Context, stdout, stderr io.Writer, asJSON bool) (err error) {
	spans, measurements, err := exporters(stdout, asJSON)
	if err != nil {
		return err
	}
	tracing := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(spans),
		sdktrace.WithIDGenerator(xray.NewIDGenerator()), // X-Ray's IDs begin with the time
	)
	metering := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(measurements)))
	defer func() { // prints what is left
		ctx := context.WithoutCancel(ctx)
		err = errors.Join(err, tracing.Shutdown(ctx), metering.Shutdown(ctx))
	}()

	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "price", price(tracing.Tracer("price")))
	endpoint.Script("price", invoketest.Throw("ResourceConflictException")) // a retry to look at

	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) {
		o.TracerProvider = smithyoteltracing.Adapt(tracing)
		o.MeterProvider = smithyotelmetrics.Adapt(metering)
		o.Logger = invoke.LogTo(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug})))
		o.APIOptions = append(o.APIOptions, sendTraceHeader)
	})
	if err != nil {
		return err
	}
	priceOf := invoke.NewFunc[item, float64](client, "price", func(o *invoke.FuncOptions) { o.Prepare = addTraceContext })

	ctx, span := tracing.Tracer("shop").Start(ctx, "checkout", trace.WithSpanKind(trace.SpanKindServer))
	defer span.End()
	if _, err := priceOf.Call(ctx, item{Name: "teapot", Count: 2}); err != nil {
		span.RecordError(err)
		return err
	}
	return nil
}

type item struct {
	Name  string
	Count int
}

// price is the function, which continues the trace of its caller.
func price(tracer trace.Tracer) func(context.Context, item) (float64, error) {
	return func(ctx context.Context, it item) (float64, error) {
		_, span := tracer.Start(continueTrace(ctx), "price", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		return 19.5 * float64(it.Count), nil
	}
}
