package main

import (
	"context"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

type correlationKey struct{}

// withCorrelation gives the calls made with the context an ID of the caller's.
func withCorrelation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, correlationKey{}, id)
}

// sendCorrelation puts the context's correlation ID into a header. Before
// Signing, so that the signature covers it. What belongs to one call is in its
// context: a stack serves many calls, and so does the middleware in it.
func sendCorrelation(s *middleware.Stack) error {
	return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("SendCorrelation", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		id, found := ctx.Value(correlationKey{}).(string)
		if req, ok := in.Request.(*smithyhttp.Request); ok && found {
			req.Header.Set("X-Correlation-Id", id)
		}
		return next.HandleFinalize(ctx, in)
	}), "Signing", middleware.Before)
}

// measureAttempts tells seen how long each attempt took and how it ended. After
// Retry, as what follows it runs once per attempt; before it, this would measure
// the call. seen is called by all callers of the client, maybe at a time.
func measureAttempts(seen func(took time.Duration, err error)) func(*middleware.Stack) error {
	return func(s *middleware.Stack) error {
		return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("MeasureAttempts", func(
			ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
		) (middleware.FinalizeOutput, middleware.Metadata, error) {
			start := time.Now()
			out, metadata, err := next.HandleFinalize(ctx, in)
			seen(time.Since(start), err)
			return out, metadata, err
		}), "Retry", middleware.After)
	}
}
