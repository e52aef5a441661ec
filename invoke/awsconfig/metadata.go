package awsconfig

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
)

// addServiceMetadata puts the call's description in front of all middleware
// that is on the stack by then.
func addServiceMetadata(cfg aws.Config) func(*middleware.Stack) error {
	m := serviceMetadata{region: cfg.Region, logger: cfg.Logger}
	return func(stack *middleware.Stack) error { return stack.Initialize.Add(m, middleware.Before) }
}

// serviceMetadata sets what the SDK's getters read from a context.
type serviceMetadata struct {
	region string
	logger logging.Logger
}

func (serviceMetadata) ID() string { return "RegisterServiceMetadata" }

func (m serviceMetadata) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	if m.logger != nil {
		ctx = middleware.SetLogger(ctx, m.logger)
	}
	register := awsmiddleware.RegisterServiceMetadata{
		ServiceID:     serviceID,
		SigningName:   "lambda",
		Region:        m.region,
		OperationName: middleware.GetOperationName(ctx),
	}
	return register.HandleInitialize(ctx, in, next)
}

// addResponseMetadata adds what sets what the SDK's getters read from metadata.
func addResponseMetadata(stack *middleware.Stack) error {
	if err := awsmiddleware.AddRawResponseToMetadata(stack); err != nil {
		return err
	}
	return stack.Deserialize.Insert(requestID{}, "OperationDeserializer", middleware.Before)
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
