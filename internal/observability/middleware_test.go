package observability

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
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
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// registerMetadata is what the SDK's clients, and awsconfig, put in front for
// middleware that reads the SDK's context keys.
func registerMetadata(s *middleware.Stack) error {
	return s.Initialize.Add(&awsmiddleware.RegisterServiceMetadata{ServiceID: "Lambda", Region: "us-east-1", OperationName: s.ID()}, middleware.Before)
}

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

func TestOtelawsTracesCallsThroughAPIOptions(t *testing.T) {
	for name, options := range map[string]func(*testing.T, *invoketest.Server) invoke.Options{
		"with awsconfig": fromConfig,
		"with the SDK's own middleware": func(_ *testing.T, s *invoketest.Server) invoke.Options {
			opts := s.Options()
			opts.APIOptions = append(opts.APIOptions, registerMetadata)
			return opts
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, s := newObserver(t), newServer(t)
			s.Script("echo", invoketest.Throw("ResourceConflictException"))
			client := newClient(t, options(t, s), fast, func(opts *invoke.Options) {
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
			_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
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

func TestOtelawsReadsTheRequestIDWithAwsconfig(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	client := newClient(t, fromConfig(t, s), func(opts *invoke.Options) {
		otelaws.AppendMiddlewares(&opts.APIOptions, otelaws.WithTracerProvider(o.tracing))
	})
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo"})
	require.NoError(t, err)
	require.Equal(t, out.RequestID, attributes(o.span("Lambda.Invoke", 0))["aws.request_id"])
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
