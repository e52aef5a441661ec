package invoke

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// recursionDetection passes the trace of the surrounding invocation on, where
// there is one: the service stops loops of functions by it.
type recursionDetection struct{}

func (*recursionDetection) ID() string { return "RecursionDetection" }

func (*recursionDetection) HandleBuild(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
	out middleware.BuildOutput, metadata middleware.Metadata, err error,
) {
	if err := setTraceID(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleBuild(ctx, in)
}

//go:noinline
func setTraceID(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	if _, inLambda := os.LookupEnv("AWS_LAMBDA_FUNCTION_NAME"); inLambda && wire.Value(req.Header, wire.HeaderTraceID) == "" {
		// Read for every call: the runtime changes it for each invocation.
		if trace, ok := os.LookupEnv("_X_AMZN_TRACE_ID"); ok {
			callFrom(ctx).setHeader(req.Header, wire.HeaderTraceID, wire.PercentEncodeTrace(trace))
		}
	}
	return nil
}
