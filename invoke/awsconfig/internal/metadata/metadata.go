// Package metadata sets what middleware that was written for the AWS SDK for Go
// reads: the SDK's own keys of a call's context and of its result metadata.
package metadata

import (
	"context"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
)

// AddService puts the call's description in front of all middleware that is on
// the stack by then. logger may be nil.
func AddService(region string, logger logging.Logger) func(*middleware.Stack) error {
	m := service{region: region, logger: logger}
	return func(stack *middleware.Stack) error { return stack.Initialize.Add(m, middleware.Before) }
}

// service sets what the SDK's getters read from a context.
type service struct {
	region string
	logger logging.Logger
}

func (service) ID() string { return "RegisterServiceMetadata" }

func (m service) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	if m.logger != nil {
		ctx = middleware.SetLogger(ctx, m.logger)
	}
	register := awsmiddleware.RegisterServiceMetadata{
		ServiceID:     "Lambda",
		SigningName:   "lambda",
		Region:        m.region,
		OperationName: middleware.GetOperationName(ctx),
	}
	return register.HandleInitialize(ctx, in, next)
}

// AddResponse adds what sets what the SDK's getters read from metadata. It is
// placed next to the deserializer, so middleware around that sees the values
// whether it is added before or after.
func AddResponse(stack *middleware.Stack) error {
	for _, m := range []middleware.DeserializeMiddleware{&awsmiddleware.AddRawResponse{}, requestID{}} {
		if err := stack.Deserialize.Insert(m, "OperationDeserializer", middleware.Before); err != nil {
			return err
		}
	}
	return nil
}

// requestID is the SDK's RequestIDRetriever by another ID: the client has its
// own by that one.
type requestID struct {
	awsmiddleware.RequestIDRetriever
}

func (requestID) ID() string { return "AWSRequestIDRetriever" }

func (r requestID) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	return r.RequestIDRetriever.HandleDeserialize(ctx, in, next)
}
