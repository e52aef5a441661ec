package invoke_test

import (
	"context"
	stderrors "errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

type countingKey struct{}

// countingMiddleware marks the request and reads what middleware usually reads.
func countingMiddleware(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Counting",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			in.Request.(*smithyhttp.Request).Header.Add("X-Amz-Meta-Count", "1")
			return next.HandleFinalize(context.WithValue(ctx, countingKey{}, middleware.GetOperationName(ctx)), in)
		}), "Signing", middleware.Before)
}

func TestMiddlewareIsFoundUnderTheIDsOfTheAWSSDK(t *testing.T) {
	var listed []string
	newClient(t, optionsFor("http://127.0.0.1:1"), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			if s.ID() == "Invoke" {
				listed = s.List()
			}
			return nil
		})
	})
	require.Equal(t, []string{
		"Invoke",
		"Initialize stack step", "OperationInputValidation",
		"Serialize stack step", "OperationSerializer",
		"Build stack step", "ClientRequestID", "UserAgent", "RecursionDetection",
		"Finalize stack step", "Retry", "GetIdentity", "ResolveEndpointV2", "ComputePayloadHash", "Signing",
		"Deserialize stack step", "OperationDeserializer", "RequestIDRetriever",
	}, listed)
}

func TestMiddlewareSeesAndChangesWhatItWouldInTheAWSSDK(t *testing.T) {
	var header http.Header
	var body []byte
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("X-Amzn-RequestId", "the-id")
	})
	var service, operation, seenFunction string
	type metaKey struct{}
	client := newClient(t, opts, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return stderrors.Join(
				s.Initialize.Add(middleware.InitializeMiddlewareFunc("Input", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					service, operation = middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
					changed := *in.Parameters.(*invoke.InvokeInput)
					seenFunction = changed.FunctionName
					changed.FunctionName = "changed"
					in.Parameters = &changed
					out, metadata, err := next.HandleInitialize(ctx, in)
					metadata.Set(metaKey{}, "from the middleware")
					return out, metadata, err
				}), middleware.Before),
				s.Serialize.Insert(middleware.SerializeMiddlewareFunc("Stream", func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
					req := in.Request.(*smithyhttp.Request)
					before, err := io.ReadAll(req.GetStream())
					if err != nil {
						return middleware.SerializeOutput{}, middleware.Metadata{}, err
					}
					in.Request, err = req.SetStream(strings.NewReader("wrapped " + string(before)))
					if err != nil {
						return middleware.SerializeOutput{}, middleware.Metadata{}, err
					}
					return next.HandleSerialize(ctx, in)
				}), "OperationSerializer", middleware.After),
				s.Build.Add(middleware.BuildMiddlewareFunc("Header", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
					in.Request.(*smithyhttp.Request).Header.Set("X-Of-Mine", "yes")
					return next.HandleBuild(ctx, in)
				}), middleware.After),
			)
		})
	})
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("payload")})
	require.NoError(t, err)

	require.Equal(t, "Lambda", service)
	require.Equal(t, "Invoke", operation)
	require.Equal(t, "f", seenFunction)
	require.Equal(t, "wrapped payload", string(body))
	require.Equal(t, "yes", header.Get("X-Of-Mine"))
	require.Contains(t, header.Get("Authorization"), ";x-of-mine,")
	require.Equal(t, "from the middleware", out.ResultMetadata.Get(metaKey{}))
}

func TestHeadersThatMiddlewareAddsInsideTheRetryLoopDoNotPileUp(t *testing.T) {
	var counts []int
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		counts = append(counts, len(r.Header["X-Amz-Meta-Count"]))
		if len(counts) < 3 {
			reply(409, map[string]string{"X-Amzn-Errortype": "ResourceConflictException"}, "{}")(w, r)
		}
	})
	opts.Retry.BaseDelay = 1
	client := newClient(t, opts)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, countingMiddleware)
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, counts)
}

func TestAPIOptionsThatDoNotFitAreAnErrorOfNew(t *testing.T) {
	_, err := invoke.New(optionsFor("http://127.0.0.1:1"), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			_, err := s.Build.Remove("NoSuchThing")
			return err
		})
	})
	require.ErrorContains(t, err, "NoSuchThing")
}

func TestAPIOptionsOfACallStayWithTheCall(t *testing.T) {
	var seen []string
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header.Get("X-Amz-Meta-Count")) })
	client := newClient(t, opts)
	for _, optFns := range [][]func(*invoke.Options){
		nil,
		{func(o *invoke.Options) { o.APIOptions = append(o.APIOptions, countingMiddleware) }},
		nil,
		{func(o *invoke.Options) { o.Retry.Idempotent = true }},
	} {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, optFns...)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"", "1", "", ""}, seen)
}

func TestOptionsOfACallThatLeaveTheMiddlewareAloneBuildNoStack(t *testing.T) {
	built := 0
	client := newClient(t, serve(t, reply(200, nil, "{}")), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error {
			built++
			return nil
		})
	})
	call := func(optFns ...func(*invoke.Options)) {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, optFns...)
		require.NoError(t, err)
	}
	call(func(o *invoke.Options) { o.Retry.Idempotent = true }) // a pool may drop what it holds, so a few more are built
	before := built
	for range 100 {
		call(func(o *invoke.Options) { o.Retry.Idempotent = true })
	}
	require.Less(t, built-before, 50)

	before = built
	for range 10 {
		call(func(o *invoke.Options) { o.APIOptions = append(o.APIOptions, countingMiddleware) })
	}
	require.Equal(t, 10, built-before)
}

func TestAPanicInMiddlewareReachesTheCallerAndHarmsNoOtherCall(t *testing.T) {
	opts := serve(t, reply(200, nil, "{}"))
	panics := true
	client := newClient(t, opts, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Build.Add(middleware.BuildMiddlewareFunc("Panics", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
				if panics {
					panic("of mine")
				}
				return next.HandleBuild(ctx, in)
			}), middleware.After)
		})
	})
	require.PanicsWithValue(t, "of mine", func() { client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}) })
	panics = false
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
}

func TestACallInsideOfACallIsACallOfItsOwn(t *testing.T) {
	var requests []string
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests = append(requests, r.URL.Path+" "+string(body))
	})
	inner := newClient(t, opts)
	outer := newClient(t, opts, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Inner", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
				if _, err := inner.Invoke(ctx, &invoke.InvokeInput{FunctionName: "inner", Payload: []byte("i")}); err != nil {
					return middleware.FinalizeOutput{}, middleware.Metadata{}, err
				}
				return next.HandleFinalize(ctx, in)
			}), "Signing", middleware.Before)
		})
	})
	_, err := outer.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "outer", Payload: []byte("o")})
	require.NoError(t, err)
	require.Equal(t, []string{"/2015-03-31/functions/inner/invocations i", "/2015-03-31/functions/outer/invocations o"}, requests)
}

func TestAnErrorOfMiddlewareIsNotAnErrorOfTheService(t *testing.T) {
	fault := stderrors.New("of mine")
	client := newClient(t, serve(t, reply(200, nil, "{}")), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Fails", func(context.Context, middleware.InitializeInput, middleware.InitializeHandler) (out middleware.InitializeOutput, metadata middleware.Metadata, err error) {
				return out, metadata, fault
			}), middleware.Before)
		})
	})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, fault)
	var service *errors.LambdaServiceException
	require.False(t, errors.As(err, &service))
	require.True(t, errors.MayHaveExecuted(err), "nothing is known of it")
}
