package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// printedSpan is what the test reads of a span's JSON.
type printedSpan struct {
	Name        string
	SpanContext struct{ TraceID, SpanID string }
	Parent      struct{ TraceID, SpanID string }
	Attributes  []struct {
		Key   string
		Value struct{ Value any }
	}
}

func (s printedSpan) attribute(key string) any {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.Value
		}
	}
	return nil
}

func TestOneTraceGoesFromTheCallerIntoTheFunction(t *testing.T) {
	var stdout, stderr strings.Builder
	require.NoError(t, run(t.Context(), &stdout, &stderr, true))

	byName, byID := map[string]printedSpan{}, map[string]printedSpan{}
	for decoder := json.NewDecoder(strings.NewReader(stdout.String())); decoder.More(); {
		var s printedSpan
		require.NoError(t, decoder.Decode(&s))
		if s.Name != "" { // else metrics
			byName[s.Name], byID[s.SpanContext.SpanID] = s, s
		}
	}
	price, checkout := byName["price"], byName["checkout"]
	require.NotEmpty(t, price.SpanContext.TraceID)
	require.Equal(t, checkout.SpanContext.TraceID, price.SpanContext.TraceID)

	var path []string
	for s := price; s.Name != ""; s = byID[s.Parent.SpanID] {
		path = append(path, s.Name)
	}
	require.Equal(t, []string{"price", "Attempt", "RetryLoop", "Lambda.Invoke", "checkout"}, path)
	require.Equal(t, 2.0, byID[price.Parent.SpanID].attribute("operation.attempt"), "the function ran in the second attempt")

	require.Contains(t, stdout.String(), `"client.call.duration"`)
	require.Equal(t, 2, strings.Count(stderr.String(), "level=DEBUG"))
	require.Equal(t, 1, strings.Count(stderr.String(), "level=WARN"))
}

func TestTheTraceIsPrintedAsATree(t *testing.T) {
	var stdout strings.Builder
	require.NoError(t, run(t.Context(), &stdout, io.Discard, false))
	const took = ` +\S+s`
	require.Regexp(t, `(?s)^checkout`+took+`
  Lambda.Invoke`+took+`
.*
    RetryLoop`+took+`
      Attempt`+took+`  attempt 1, ResourceConflictException, may have run: false
.*
      Attempt`+took+`  attempt 2
.*
        price`+took+`
.*

client.call.duration +1 x \S+s
.*
client.call.attempts +2
`, stdout.String())
}

func TestTheClientContextCarriesTheTraceWhereNoHeaderDoes(t *testing.T) {
	ended := tracetest.NewSpanRecorder()
	tracer := trace.NewTracerProvider(trace.WithSpanProcessor(ended)).Tracer("test")
	endpoint := invoketest.NewServer(t)
	invoketest.HandleFunc(endpoint, "price", price(tracer))
	client, err := invoke.New(endpoint.Options())
	require.NoError(t, err)

	ctx, checkout := tracer.Start(t.Context(), "checkout")
	_, err = invoke.NewFunc[item, float64](client, "price", func(o *invoke.FuncOptions) { o.Prepare = addTraceContext }).Call(ctx, item{})
	require.NoError(t, err)
	require.Len(t, ended.Ended(), 1)
	require.Equal(t, checkout.SpanContext().TraceID(), ended.Ended()[0].SpanContext().TraceID())
	require.Equal(t, checkout.SpanContext().SpanID(), ended.Ended()[0].Parent().SpanID())
}
