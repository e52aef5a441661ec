package invoke_test

import (
	"bytes"
	"context"
	stderrors "errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestSpansEndBeforeTheCallReturnsWhateverBecomesOfIt(t *testing.T) {
	var w watcher
	opts := serve(t, reply(200, nil, "{}"))
	client := newClient(t, opts, w.watch)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, ctx := range []context.Context{t.Context(), ended} {
		for _, in := range []*invoke.InvokeInput{{FunctionName: "f"}, {FunctionName: ""}} {
			client.Invoke(ctx, in)
			require.Zero(t, w.Open)
		}
	}
	require.Equal(t, 4, countOf(w.SpanNames(), "Lambda.Invoke"))
}

func TestSpansEndAndAttemptsAreLoggedWhereACallPanics(t *testing.T) {
	panics := map[string]func(*invoke.Options){
		"middleware before the attempts": func(o *invoke.Options) {
			o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
				return s.Build.Add(middleware.BuildMiddlewareFunc("Panic", func(context.Context, middleware.BuildInput, middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
					panic("boom")
				}), middleware.After)
			})
		},
		"middleware in an attempt": func(o *invoke.Options) {
			o.APIOptions = append(o.APIOptions, beforeSigning(func(context.Context) { panic("boom") }))
		},
		"the credentials provider": func(o *invoke.Options) {
			o.Credentials = invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) { panic("boom") })
		},
		"the HTTP client": func(o *invoke.Options) {
			o.HTTPClient = doer(func(*http.Request) (*http.Response, error) { panic("boom") })
		},
	}
	for name, option := range panics {
		t.Run(name, func(t *testing.T) {
			var w watcher
			client := newClient(t, optionsFor("http://127.0.0.1:1"), w.watch, option)
			require.Panics(t, func() { client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}) })
			require.Zero(t, w.Open)
			require.Contains(t, w.SpanNames(), "Lambda.Invoke")
			require.Contains(t, w.everything(), "the call ended in a panic")
			attempted := name != "middleware before the attempts"
			require.Equal(t, attempted, strings.Contains(w.log.text(), `error="the call ended in a panic" may_have_executed=true`), "%s", w.log.text())
		})
	}
}

func countOf[T comparable](all []T, wanted T) (n int) {
	for _, one := range all {
		if one == wanted {
			n++
		}
	}
	return n
}

func TestInstrumentsAreMadeOncePerProviderAndNotPerCall(t *testing.T) {
	var w, other watcher
	client := newClient(t, serve(t, reply(200, nil, "{}")), w.watch)
	call := func(optFns ...func(*invoke.Options)) {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, optFns...)
		require.NoError(t, err)
	}
	call()
	call(func(o *invoke.Options) { o.Region = "eu-central-1" })
	require.Len(t, w.Scopes, 2) // one tracer, one meter
	for name, n := range w.Made {
		require.Equal(t, 1, n, name)
	}

	before := len(w.SpanNames())
	call(other.watch)
	require.Len(t, w.SpanNames(), before)
	require.Contains(t, other.SpanNames(), "Lambda.Invoke")
	require.NotEmpty(t, other.Made)

	call(func(o *invoke.Options) { o.TracerProvider, o.MeterProvider, o.Logger = nil, nil, nil })
	require.Len(t, w.SpanNames(), before)
}

// incomparable providers make == panic.
type incomparable struct {
	tracing.TracerProvider
	metrics.MeterProvider
	list []int
}

func TestProvidersThatCannotBeComparedServeCallsWithOptions(t *testing.T) {
	var w watcher
	p := incomparable{w.TracerProvider(), w.MeterProvider(), []int{1}}
	client := newClient(t, serve(t, reply(200, nil, "{}")), func(o *invoke.Options) { o.TracerProvider, o.MeterProvider = p, p })
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { o.AppID = "x" })
	require.NoError(t, err)
	require.Contains(t, w.SpanNames(), "Lambda.Invoke")
}

type failingMeters struct{}

func (failingMeters) Meter(string, ...metrics.MeterOption) metrics.Meter {
	return failingMeter{metrics.NopMeterProvider{}.Meter("")}
}

type failingMeter struct{ metrics.Meter }

func (failingMeter) Float64Histogram(name string, _ ...metrics.InstrumentOption) (metrics.Float64Histogram, error) {
	return nil, stderrors.New("no room for " + name)
}

func TestAMeterProviderThatFailsIsAnErrorOfNew(t *testing.T) {
	_, err := invoke.New(optionsFor("http://127.0.0.1:1"), func(o *invoke.Options) { o.MeterProvider = failingMeters{} })
	require.ErrorContains(t, err, "Options.MeterProvider: no room for client.call.duration")
}

// beforeSigning is middleware that calls fn with the context of each attempt.
func beforeSigning(fn func(context.Context)) func(*middleware.Stack) error {
	return func(s *middleware.Stack) error {
		return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Mine", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			fn(ctx)
			return next.HandleFinalize(ctx, in)
		}), "Signing", middleware.Before)
	}
}

func TestMiddlewareFindsTheTracerAndTheSpanOfTheCall(t *testing.T) {
	var w watcher
	client := newClient(t, serve(t, reply(200, nil, "{}")), w.watch, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, beforeSigning(func(ctx context.Context) {
			_, span := tracing.StartSpan(ctx, "mine")
			span.End()
		}))
	})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	for _, s := range w.Spans {
		if s.Name() == "mine" {
			require.Equal(t, "Attempt", s.Parent)
			return
		}
	}
	require.Fail(t, "no span of the middleware")
}

// What a provider traces goes on beside the call whose context it was given.
func TestARefreshOfCredentialsMayTraceBesideTheCallThatCausedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w watcher
		opts := optionsFor("http://127.0.0.1:1")
		opts.HTTPClient = doer(answering200)
		opts.Credentials = invoke.CredentialsProviderFunc(func(ctx context.Context) (invoke.Credentials, error) {
			for range 100 {
				_, span := tracing.StartSpan(ctx, "STS")
				span.End()
			}
			return invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "s", Expires: time.Now().Add(time.Hour)}, nil
		})
		client := newClient(t, opts, w.watch)
		for range 3 {
			_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			synctest.Wait()
			time.Sleep(58 * time.Minute) // the credentials hold, but not for long
		}
		parents := map[string]int{}
		for _, s := range w.Spans {
			if s.Name() == "STS" {
				parents[s.Parent]++
			}
		}
		require.Equal(t, map[string]int{"GetIdentity": 300}, parents)
	})
}

func TestConnectionsInUseAreCountedOffWithEveryEndOfARequest(t *testing.T) {
	for name, fault := range map[string]invoketest.Fault{
		"reply":            nil,
		"exception":        invoketest.Throw("ServiceException"),
		"broken before":    invoketest.HangUp(invoketest.BeforeRun, invoketest.Reset),
		"broken in a body": invoketest.HangUp(invoketest.ReplyBody, invoketest.Reset),
	} {
		t.Run(name, func(t *testing.T) {
			var w watcher
			s := invoketest.NewServer(t)
			s.Handle("f", echo)
			s.Inject(func(*invoketest.Request) invoketest.Fault { return fault })
			client := newClient(t, s.Options(), w.watch, func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
			for range 3 {
				client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			}
			require.Zero(t, w.Sum("client.http.connections.usage"))
			require.Contains(t, w.everything(), "client.http.connections.usage 1 ")
		})
	}
}

func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

func TestAStreamHoldsItsConnectionUntilItEnds(t *testing.T) {
	var w watcher
	s := invoketest.NewServer(t)
	s.HandleStream("f", func(_ context.Context, payload []byte, out io.Writer) error {
		_, err := out.Write(payload)
		return err
	})
	client := newClient(t, s.Options(), w.watch)
	for _, end := range []func(io.ReadCloser){
		func(body io.ReadCloser) { io.Copy(io.Discard, body) },
		func(body io.ReadCloser) { body.Close() },
	} {
		out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: []byte("{}")})
		require.NoError(t, err)
		require.Equal(t, 1.0, w.Sum("client.http.connections.usage"))
		end(out.Body)
		require.Zero(t, w.Sum("client.http.connections.usage"))
	}
	require.Equal(t, 2, countOf(w.SpanNames(), "Lambda.InvokeWithResponseStream"))
}

func TestTheCallersTraceHooksAreCalledBesideTheMetrics(t *testing.T) {
	var w watcher
	client := newClient(t, serve(t, reply(200, nil, "{}")), w.watch)
	var connected, first int
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { connected++ },
		GotFirstResponseByte: func() { first++ },
	})
	_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{connected, first})
	require.Contains(t, w.everything(), "client.http.time_to_first_byte")
}

// answering200 is an HTTP client that answers from memory.
func answering200(r *http.Request) (*http.Response, error) {
	io.Copy(io.Discard, r.Body)
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: 2, Body: io.NopCloser(bytes.NewReader([]byte("{}")))}, nil
}

func BenchmarkInvokeUnderWatch(b *testing.B) {
	for _, watch := range []struct {
		name string
		fn   func(*invoke.Options)
	}{
		{"nobody", func(*invoke.Options) {}},
		{"nop providers", func(o *invoke.Options) {
			o.TracerProvider, o.MeterProvider = tracing.NopTracerProvider{}, metrics.NopMeterProvider{}
		}},
		{"logger at warn", func(o *invoke.Options) {
			o.Logger = invoke.LogTo(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn})))
		}},
		{"logger at debug", func(o *invoke.Options) {
			o.Logger = invoke.LogTo(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug})))
		}},
	} {
		b.Run(watch.name, func(b *testing.B) {
			opts := optionsFor("http://127.0.0.1:1")
			opts.HTTPClient = doer(answering200)
			client := newClient(b, opts, watch.fn)
			in := &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Invoke(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
