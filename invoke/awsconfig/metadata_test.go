package awsconfig_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath() + "." + t.Name()
}

// seen is what middleware written for the SDK reads.
type seen struct {
	serviceID, operation, region, signingName string
	requestID                                 string
	rawResponse                               bool
}

func (s *seen) readContext(ctx context.Context) {
	s.serviceID = awsmiddleware.GetServiceID(ctx)
	s.operation = awsmiddleware.GetOperationName(ctx)
	s.region = awsmiddleware.GetRegion(ctx)
	//lint:ignore SA1019 deprecated, and read by some
	s.signingName = awsmiddleware.GetSigningName(ctx)
}

func (s *seen) readMetadata(metadata middleware.Metadata) {
	s.requestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	_, s.rawResponse = awsmiddleware.GetRawResponse(metadata).(*smithyhttp.Response)
}

// observers add middleware that reads, one for each place where it is usual.
func observers(into map[string]*seen) map[string]func(*middleware.Stack) error {
	return map[string]func(*middleware.Stack) error{
		"at the front of Initialize": func(stack *middleware.Stack) error {
			return stack.Initialize.Add(observeInitialize(into, "front"), middleware.Before)
		},
		"at the end of Initialize": func(stack *middleware.Stack) error {
			return stack.Initialize.Add(observeInitialize(into, "end"), middleware.After)
		},
		"in every attempt": func(stack *middleware.Stack) error {
			return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("observe", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
				middleware.FinalizeOutput, middleware.Metadata, error,
			) {
				out, metadata, err := next.HandleFinalize(ctx, in)
				note(into, "attempt", ctx, metadata)
				return out, metadata, err
			}), "Retry", middleware.After)
		},
		"before the deserializer": func(stack *middleware.Stack) error {
			return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("observe", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
				middleware.DeserializeOutput, middleware.Metadata, error,
			) {
				out, metadata, err := next.HandleDeserialize(ctx, in)
				note(into, "deserializer", ctx, metadata)
				return out, metadata, err
			}), middleware.Before)
		},
	}
}

func observeInitialize(into map[string]*seen, name string) middleware.InitializeMiddleware {
	return middleware.InitializeMiddlewareFunc("observe", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
		middleware.InitializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleInitialize(ctx, in)
		note(into, name, ctx, metadata)
		return out, metadata, err
	})
}

func note(into map[string]*seen, name string, ctx context.Context, metadata middleware.Metadata) {
	s := &seen{}
	s.readContext(ctx)
	s.readMetadata(metadata)
	into[name] = s
}

var expected = seen{
	serviceID: "Lambda", operation: "Invoke", region: "us-east-1", signingName: "lambda",
	requestID: "the-request-id", rawResponse: true,
}

func TestMiddlewareForTheSDKSeesWhatItExpects(t *testing.T) {
	into := map[string]*seen{}
	for place, observer := range observers(into) {
		t.Run(place, func(t *testing.T) {
			clear(into)
			client, _ := newClient(t, aws.Config{Credentials: staticProvider(), APIOptions: []func(*middleware.Stack) error{observer}})
			out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Len(t, into, 1)
			for _, got := range into {
				require.Equal(t, expected, *got)
			}
			id, ok := awsmiddleware.GetRequestIDMetadata(out.ResultMetadata)
			require.True(t, ok)
			require.Equal(t, "the-request-id", id)
			require.Equal(t, "the-request-id", out.RequestID)
		})
	}
}

func TestMiddlewareThatIsAddedToTheOptionsSeesItToo(t *testing.T) {
	into := map[string]*seen{}
	opts := awsconfig.FromConfig(aws.Config{Region: "us-east-1", Credentials: staticProvider(), HTTPClient: &keep{}})
	opts.APIOptions = append(opts.APIOptions, observers(into)["at the end of Initialize"])
	client, err := invoke.New(opts)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, expected, *into["end"])
}

func TestMiddlewareSeesTheStreamingOperationByItsName(t *testing.T) {
	into := map[string]*seen{}
	client, _ := newClient(t, aws.Config{Credentials: staticProvider(), APIOptions: []func(*middleware.Stack) error{observers(into)["in every attempt"]}})
	out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", InvocationType: invoke.InvocationTypeDryRun})
	require.NoError(t, err)
	require.NoError(t, out.Body.Close())
	require.Equal(t, "InvokeWithResponseStream", into["attempt"].operation)
	require.Equal(t, "the-request-id", into["attempt"].requestID)
}

func TestMiddlewareFindsTheSDKsLogger(t *testing.T) {
	var lines []string
	logger := logging.LoggerFunc(func(_ logging.Classification, format string, args ...any) {
		lines = append(lines, fmt.Sprintf(format, args...))
	})
	client, _ := newClient(t, aws.Config{Credentials: staticProvider(), Logger: logger, APIOptions: []func(*middleware.Stack) error{
		func(stack *middleware.Stack) error {
			return stack.Build.Add(middleware.BuildMiddlewareFunc("log", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
				middleware.BuildOutput, middleware.Metadata, error,
			) {
				middleware.GetLogger(ctx).Logf(logging.Debug, "calling %s", awsmiddleware.GetOperationName(ctx))
				return next.HandleBuild(ctx, in)
			}), middleware.After)
		},
	}})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, []string{"calling Invoke"}, lines)
}
