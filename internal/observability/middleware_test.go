package observability

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	xrayaws "github.com/aws/aws-xray-sdk-go/instrumentation/awsv2"
	"github.com/aws/aws-xray-sdk-go/xray"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
	//lint:ignore SA1019 its last version is what people have in their programs
	"go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-sdk-go-v2/otelaws"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig/sdkmiddleware"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// fromConfig are the options that awsconfig makes for a server.
func fromConfig(t *testing.T, s *invoketest.Server) invoke.Options {
	t.Helper()
	creds, err := s.Options().Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	return awsconfig.FromConfig(aws.Config{
		Region:       s.Options().Region,
		BaseEndpoint: aws.String(s.URL()),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey}, nil
		}),
	})
}

// clients are the ways to a client in which middleware of the SDK works.
var clients = map[string]func(*testing.T, *invoketest.Server, func(*invoke.Options)) *invoke.Client{
	"New": func(t *testing.T, s *invoketest.Server, instrument func(*invoke.Options)) *invoke.Client {
		return newClient(t, s.Options(), fast, sdkmiddleware.Register, instrument)
	},
	"New, registered last": func(t *testing.T, s *invoketest.Server, instrument func(*invoke.Options)) *invoke.Client {
		return newClient(t, s.Options(), fast, instrument, sdkmiddleware.Register)
	},
	"NewFromEnv": func(t *testing.T, s *invoketest.Server, instrument func(*invoke.Options)) *invoke.Client {
		setEnvironment(t, s)
		client, err := invoke.NewFromEnv(t.Context(), fast, sdkmiddleware.Register, instrument)
		require.NoError(t, err)
		return client
	},
	"awsconfig": func(t *testing.T, s *invoketest.Server, instrument func(*invoke.Options)) *invoke.Client {
		return newClient(t, fromConfig(t, s), fast, instrument)
	},
}

// setEnvironment makes s what the environment says about AWS.
func setEnvironment(t *testing.T, s *invoketest.Server) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	creds, err := s.Options().Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	t.Setenv("AWS_REGION", s.Options().Region)
	t.Setenv("AWS_ENDPOINT_URL_LAMBDA", s.URL())
	t.Setenv("AWS_ACCESS_KEY_ID", creds.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", creds.SecretAccessKey)
}

func TestOtelawsTracesCalls(t *testing.T) {
	for name, makeClient := range clients {
		t.Run(name, func(t *testing.T) {
			o, s := newObserver(t), newServer(t)
			s.Script("echo", invoketest.Throw("ResourceConflictException"))
			client := makeClient(t, s, func(opts *invoke.Options) {
				otelaws.AppendMiddlewares(&opts.APIOptions,
					otelaws.WithTracerProvider(o.tracing),
					otelaws.WithTextMapPropagator(propagation.TraceContext{}),
					otelaws.WithAttributeBuilder(func(_ context.Context, in middleware.InitializeInput, out middleware.InitializeOutput) []attribute.KeyValue {
						attrs := []attribute.KeyValue{attribute.String("function", in.Parameters.(*invoke.InvokeInput).FunctionName)}
						if result, ok := out.Result.(*invoke.InvokeOutput); ok {
							attrs = append(attrs, attribute.Int("attempts", result.Attempts))
						}
						return attrs
					}))
			})
			out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
			require.NoError(t, err)
			_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
			require.Error(t, err)

			require.Equal(t, []string{"Lambda.Invoke", "Lambda.Invoke"}, o.tree())
			span := o.span("Lambda.Invoke", 0)
			require.Equal(t, trace.SpanKindClient, span.SpanKind)
			got := attributes(span)
			for key, want := range map[string]any{
				"rpc.system.name":           "aws-api",
				"rpc.method":                "Lambda/Invoke",
				"aws.region":                "us-east-1",
				"aws.request_id":            out.RequestID,
				"http.response.status_code": int64(200),
				"function":                  "echo",
				"attempts":                  int64(2),
			} {
				require.Equal(t, want, got[key], key)
			}
			require.Equal(t, codes.Error, o.span("Lambda.Invoke", 1).Status.Code)

			parent := s.Requests()[0].Header.Get("Traceparent")
			require.Contains(t, parent, span.SpanContext.TraceID().String())
			require.Equal(t, parent, s.Requests()[1].Header.Get("Traceparent"))
		})
	}
}

// silent stands in for the connection to the X-Ray daemon.
type silent struct{}

func (silent) Emit(*xray.Segment)                     {}
func (silent) RefreshEmitterWithAddress(*net.UDPAddr) {}

func TestXRayTracesCalls(t *testing.T) {
	for name, makeClient := range clients {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			var call *xray.Segment
			client := makeClient(t, s, func(opts *invoke.Options) {
				xrayaws.AWSV2Instrumentor(&opts.APIOptions)
				opts.APIOptions = append(opts.APIOptions, func(stack *middleware.Stack) error {
					return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("look", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
						call = xray.GetSegment(ctx)
						return next.HandleFinalize(ctx, in)
					}), middleware.Before)
				})
			})
			ctx, err := xray.ContextWithConfig(t.Context(), xray.Config{Emitter: silent{}})
			require.NoError(t, err)
			ctx, segment := xray.BeginSegment(ctx, "test")
			out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
			require.NoError(t, err)
			segment.Close(nil)

			require.Equal(t, "Lambda", call.Name)
			require.Equal(t, "aws", call.Namespace)
			require.Equal(t, map[string]any{"operation": "Invoke", "region": "us-east-1", "request_id": out.RequestID}, call.AWS)
			require.Equal(t, 200, call.HTTP.Response.Status)
			require.Contains(t, s.Requests()[0].Header.Get("X-Amzn-Trace-Id"), segment.TraceID)
		})
	}
}

// A middleware that is placed relative to the SDK's must be where it expects
// to be: once per attempt after Retry, and before the signature is made.
func TestMiddlewareCanBeInsertedAfterRetryAndBeforeSigning(t *testing.T) {
	s := newServer(t)
	s.Script("echo", invoketest.Throw("ResourceConflictException"), invoketest.Throw("ResourceConflictException"))
	var order []string
	mark := func(id string) middleware.FinalizeMiddleware {
		return middleware.FinalizeMiddlewareFunc(id, func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			id, h := id, in.Request.(*smithyhttp.Request).Header
			if h.Get("Authorization") == "" {
				h.Add("X-Mine", id)
			} else {
				id += ", signed"
			}
			order = append(order, id)
			return next.HandleFinalize(ctx, in)
		})
	}
	client := newClient(t, s.Options(), fast, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return errors.Join(
				stack.Finalize.Insert(mark("before Retry"), "Retry", middleware.Before),
				stack.Finalize.Insert(mark("after Retry"), "Retry", middleware.After),
				stack.Finalize.Insert(mark("before Signing"), "Signing", middleware.Before),
				stack.Finalize.Insert(mark("after Signing"), "Signing", middleware.After),
			)
		})
	})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	require.NoError(t, err)

	each := []string{"after Retry", "before Signing", "after Signing, signed"}
	require.Equal(t, append(append(append([]string{"before Retry"}, each...), each...), each...), order)
	requests := s.Requests()
	require.Len(t, requests, 3)
	for _, r := range requests {
		require.Equal(t, []string{"before Retry", "after Retry", "before Signing"}, r.Header.Values("X-Mine"))
	}
}
