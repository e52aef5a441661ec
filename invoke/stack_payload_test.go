package invoke_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// Middleware decides what is sent: the signature is of that, whenever it changes.

func TestMiddlewareMayCallTwiceWithTwoPayloads(t *testing.T) {
	server := invoketest.NewServer(t)
	var seen []string
	server.Handle("f", func(_ context.Context, event []byte) ([]byte, error) {
		seen = append(seen, string(event))
		return event, nil
	})
	opts := server.Options()
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Twice", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			if _, _, err := next.HandleInitialize(ctx, in); err != nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, err
			}
			second := *in.Parameters.(*invoke.InvokeInput)
			second.Payload = []byte(`"the second, and longer"`)
			in.Parameters = &second
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	})
	out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(`"the first"`)})
	require.NoError(t, err)
	require.Equal(t, `"the second, and longer"`, string(out.Payload))
	require.Equal(t, []string{`"the first"`, `"the second, and longer"`}, seen)
}

func TestMiddlewareMayGiveEachAttemptAPayloadOfItsOwn(t *testing.T) {
	for want, stream := range map[string]func(attempt int) io.Reader{
		`"mine"`:      nil,
		`"attempt 2"`: func(attempt int) io.Reader { return strings.NewReader(fmt.Sprintf(`"attempt %d"`, attempt)) },
	} {
		t.Run(want, func(t *testing.T) {
			server := invoketest.NewServer(t)
			server.Handle("f", func(_ context.Context, event []byte) ([]byte, error) { return event, nil })
			server.Script("f", invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
			attempt := 0
			opts := server.Options()
			opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
				return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Swap", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
					attempt++
					if stream != nil {
						req, err := in.Request.(*smithyhttp.Request).SetStream(stream(attempt))
						require.NoError(t, err)
						in.Request = req
					}
					return next.HandleFinalize(ctx, in)
				}), "Retry", middleware.After)
			})
			out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(`"mine"`)})
			require.NoError(t, err)
			require.Equal(t, 2, out.Attempts)
			require.Equal(t, want, string(out.Payload))
		})
	}
}

func TestMiddlewareThatLosesTheContextIsAnError(t *testing.T) {
	lose := map[string]func(*middleware.Stack) error{
		"initialize": func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Lose", func(_ context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				return next.HandleInitialize(context.Background(), in)
			}), middleware.After)
		},
		"serialize": func(s *middleware.Stack) error {
			return s.Serialize.Add(middleware.SerializeMiddlewareFunc("Lose", func(_ context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
				return next.HandleSerialize(context.Background(), in)
			}), middleware.After)
		},
		"build": func(s *middleware.Stack) error {
			return s.Build.Add(middleware.BuildMiddlewareFunc("Lose", func(_ context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
				return next.HandleBuild(context.Background(), in)
			}), middleware.After)
		},
		"finalize": func(s *middleware.Stack) error {
			return s.Finalize.Add(middleware.FinalizeMiddlewareFunc("Lose", func(_ context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
				return next.HandleFinalize(context.Background(), in)
			}), middleware.After)
		},
		"deserialize": func(s *middleware.Stack) error {
			return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Lose", func(_ context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
				return next.HandleDeserialize(context.Background(), in)
			}), middleware.After)
		},
	}
	for step, add := range lose {
		t.Run(step, func(t *testing.T) {
			opts := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
			opts.APIOptions = append(opts.APIOptions, add)
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			require.ErrorContains(t, err, "context")
		})
	}
}

// A stream that can be read once is sent by every attempt.
func TestMiddlewareMaySetAStreamThatCannotBeRewound(t *testing.T) {
	server := invoketest.NewServer(t)
	server.Handle("f", func(_ context.Context, event []byte) ([]byte, error) { return event, nil })
	server.Script("f", invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
	opts := server.Options()
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Build.Add(middleware.BuildMiddlewareFunc("Stream", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
			req, err := in.Request.(*smithyhttp.Request).SetStream(io.MultiReader(strings.NewReader(`"from a stream"`)))
			require.NoError(t, err)
			in.Request = req
			return next.HandleBuild(ctx, in)
		}), middleware.After)
	})
	out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(`"mine"`)})
	require.NoError(t, err)
	require.Equal(t, 2, out.Attempts)
	require.Equal(t, `"from a stream"`, string(out.Payload))
}
