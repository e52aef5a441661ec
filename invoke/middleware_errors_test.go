package invoke_test

import (
	"context"
	stderrors "errors"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Middleware may make a call of its own after the reply, and fail with its error.
// That it ran nothing says nothing of the function whose reply is there.
func TestAnErrorOfMiddlewareDoesNotDenyThatARequestWasAnswered(t *testing.T) {
	refused := &errors.TransportError{Stage: errors.StageConnect, Err: io.EOF}
	throttled := &errors.TooManyRequestsException{LambdaServiceException: errors.LambdaServiceException{Code: "TooManyRequestsException", StatusCode: 429}}
	expired := &errors.LambdaServiceException{Code: "ExpiredTokenException", StatusCode: 403}
	for name, brought := range map[string]error{
		"refused": refused, "throttled": throttled, "expired": expired,
		"throttled at last": &retry.MaxAttemptsError{Attempts: 1, Err: throttled},
		"lost":              &smithy.OperationError{Err: &retry.MaxAttemptsError{Attempts: 1, Err: &errors.TransportError{Stage: errors.StageAwait, Err: io.EOF}}},
	} {
		for place, add := range map[string]func(*middleware.Stack) error{
			"in front of the retry loop": func(s *middleware.Stack) error {
				return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Audit", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					out, metadata, err := next.HandleInitialize(ctx, in)
					return out, metadata, stderrors.Join(err, brought)
				}), middleware.Before)
			},
			"around the reply": func(s *middleware.Stack) error {
				return s.Deserialize.Add(audit(brought), middleware.Before)
			},
			"under the reply": func(s *middleware.Stack) error {
				return s.Deserialize.Add(audit(brought), middleware.After)
			},
		} {
			t.Run(place+"/"+name, func(t *testing.T) {
				server := invoketest.NewServer(t)
				server.Handle("f", echo)
				opts := server.Options()
				fast(&opts)
				opts.APIOptions = append(opts.APIOptions, add)
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
				require.ErrorIs(t, err, brought)
				require.True(t, errors.MayHaveExecuted(err), "%v", err)
				require.Equal(t, 1, server.Runs("f"))

				for r := range invoke.NewFunc[int, int](newClient(t, opts), "f").Map(t.Context(), slices.Values([]int{1})) {
					require.True(t, errors.MayHaveExecuted(r.Err), "%v", r.Err)
				}
				require.Equal(t, 2, server.Runs("f"), "once more, by the Map")
			})
		}
	}
}

func TestExpiredCredentialsOfMiddlewareAreNotTheCalls(t *testing.T) {
	expired := &errors.LambdaServiceException{Code: "ExpiredTokenException", StatusCode: 403}
	opts := serve(t, reply(200, nil, "1"))
	opts.Credentials = &rotatingProvider{lifetime: time.Hour}
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Ask", func(context.Context, middleware.FinalizeInput, middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, expired // before there are any
		}), "Retry", middleware.After)
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, expired)
}

func TestAnExpiredTokenOfAnotherRequestInvalidatesNoCredentials(t *testing.T) {
	expired := &errors.LambdaServiceException{Code: "ExpiredTokenException", StatusCode: 403}
	provider := &rotatingProvider{lifetime: time.Hour}
	opts := serve(t, reply(200, nil, "1"))
	opts.Credentials = provider
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(audit(expired), middleware.Before)
	})
	client := newClient(t, opts)
	for range 3 {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.ErrorIs(t, err, expired)
	}
	require.Len(t, provider.asked, 1)
}

func TestMiddlewareThatPanicsLeavesNothingOpen(t *testing.T) {
	opts := serve(t, reply(200, map[string]string{"Content-Type": "application/vnd.amazon.eventstream"}, strings.Repeat("x", 4<<20)))
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Panic", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			_, _, _ = next.HandleDeserialize(ctx, in)
			panic("middleware")
		}), middleware.After)
	})
	client := newClient(t, opts)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(background(), time.Hour)
	defer cancel()
	for range 20 {
		require.Panics(t, func() { _, _ = client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"}) })
		require.Panics(t, func() {
			_, _ = client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		})
	}
	settled(t, before)
}

func audit(brought error) middleware.DeserializeMiddleware {
	return middleware.DeserializeMiddlewareFunc("Audit", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		if err == nil {
			err = brought
		}
		return out, metadata, err
	})
}

func TestMiddlewareMayWrapWhatTheServiceSaid(t *testing.T) {
	server := invoketest.NewServer(t)
	opts := server.Options()
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Wrap", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			return out, metadata, &smithyWrapper{err}
		}), middleware.Before)
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
	require.ErrorContains(t, err, "wrapped: ")
	require.False(t, errors.MayHaveExecuted(err), "it is still the service's refusal")
}

type smithyWrapper struct{ error }

func (w *smithyWrapper) Error() string { return "wrapped: " + w.error.Error() }
func (w *smithyWrapper) Unwrap() error { return w.error }

func TestMiddlewareThatWrapsAnErrorDoesNotChangeMayHaveExecuted(t *testing.T) {
	for name, around := range map[string]func(error) error{
		"serialization": func(err error) error { return &smithy.SerializationError{Err: err} },
		"credentials":   func(err error) error { return &errors.CredentialsError{Err: err} },
		"connection":    func(err error) error { return &errors.TransportError{Stage: errors.StageConnect, Err: err} },
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				reply(500, nil, "")(w, r)
			})
			fast(&opts)
			opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
				return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Around", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
					out, metadata, err := next.HandleDeserialize(ctx, in)
					return out, metadata, around(err)
				}), middleware.Before)
			})
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			require.True(t, errors.MayHaveExecuted(err), "%v", err)
			require.Equal(t, 1, requests)
		})
	}
}

func TestASecondPassThatIsRefusedAnswersForTheFirst(t *testing.T) {
	opts := serve(t, reply(200, nil, "1"))
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Twice", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			if _, _, err := next.HandleInitialize(ctx, in); err != nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, err
			}
			in.Parameters = &invoke.InvokeInput{}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorContains(t, err, "missing required field")
	require.True(t, errors.MayHaveExecuted(err))
}

func TestAReplyThatMiddlewareRefusesDoesNotStayOpen(t *testing.T) {
	large := strings.Repeat("x", 4<<20)
	opts := serve(t, reply(200, nil, large))
	refusal := stderrors.New("not signed by us")
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(audit(refusal), middleware.After)
	})
	client := newClient(t, opts)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(background(), time.Hour)
	defer cancel()
	for range 20 {
		_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		require.ErrorIs(t, err, refusal)
	}
	settled(t, before)
}

func TestMiddlewareThatReturnsATypedNilIsAnError(t *testing.T) {
	opts := serve(t, reply(200, nil, "1"))
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Nil", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return middleware.InitializeOutput{Result: (*invoke.InvokeOutput)(nil)}, middleware.Metadata{}, nil
		}), middleware.After)
	})
	var w watcher
	w.watch(&opts)
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorContains(t, err, "the middleware stack returned a *invoke.InvokeOutput in place of an output")
}

func TestAPIOptionsThatFailAreOptionsThatAreWrong(t *testing.T) {
	wrong := stderrors.New("no such step")
	fails := func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { return wrong })
	}
	client := newClient(t, serve(t, reply(200, nil, "1")))
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, fails)
	requireWrongOptions(t, err, wrong)
	_, err = client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"}, fails)
	requireWrongOptions(t, err, wrong)
	_, err = invoke.New(optionsFor("http://localhost:1"), fails)
	requireWrongOptions(t, err, wrong)
}

func requireWrongOptions(t *testing.T, err, wrong error) {
	t.Helper()
	var options *errors.OptionsError
	require.ErrorAs(t, err, &options)
	require.ErrorIs(t, err, wrong)
	require.False(t, errors.MayHaveExecuted(err))
}

// Middleware may recover from a panic and say that nothing was sent, or send again.
func TestARequestThatPanickedMayHaveRun(t *testing.T) {
	var sent int
	opts := optionsFor("http://127.0.0.1:1")
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		sent++
		io.Copy(io.Discard, r.Body)
		panic("after it was sent")
	})
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Recover", func(
			ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
		) (out middleware.DeserializeOutput, metadata middleware.Metadata, err error) {
			defer func() {
				if recover() != nil {
					err = &errors.TransportError{Stage: errors.StageConnect, Err: io.EOF}
				}
			}()
			return next.HandleDeserialize(ctx, in)
		}), middleware.After)
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
	require.True(t, errors.MayHaveExecuted(err), "%v", err)
	require.Equal(t, 1, sent)
}

// A cache may answer in the service's place.
func TestAResponseThatMiddlewareMadeIsNoRequest(t *testing.T) {
	s := scripted()
	client := newClient(t, s.options(), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			if err := stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Cache", func(
				context.Context, middleware.DeserializeInput, middleware.DeserializeHandler,
			) (out middleware.DeserializeOutput, metadata middleware.Metadata, err error) {
				response, err := says(200, "1", "X-Amzn-Requestid", "id-1")(nil)
				out.RawResponse = &smithyhttp.Response{Response: response}
				return out, metadata, err
			}), middleware.After); err != nil {
				return err
			}
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Refuse", func(
				ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
			) (middleware.InitializeOutput, middleware.Metadata, error) {
				out, metadata, err := next.HandleInitialize(ctx, in)
				if err == nil {
					err = &errors.TransportError{Stage: errors.StageConnect, Err: io.EOF}
				}
				return out, metadata, err
			}), middleware.Before)
		})
	})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, io.EOF)
	require.False(t, errors.MayHaveExecuted(err), "%v", err)
	require.Empty(t, s.times)
}
