// Package sdkmiddleware lets middleware that was written for the AWS SDK for Go
// work in any client of package invoke.
//
// Such middleware, OpenTelemetry's otelaws and the instrumentation of the X-Ray SDK
// among it, reads service, operation and region of a call with the getters of the
// SDK's package aws/middleware:
//
//	client, err := invoke.NewFromEnv(ctx, sdkmiddleware.Register, func(o *invoke.Options) {
//		otelaws.AppendMiddlewares(&o.APIOptions)
//	})
//
// The options of package awsconfig have it already. This package is part of the
// same module, and links of the SDK no more than aws/middleware.
package sdkmiddleware

import (
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig/internal/metadata"
)

// Register is an option for [invoke.New] and [invoke.NewFromEnv]. It appends to
// o.APIOptions what sets, in the SDK's package aws/middleware, the values behind
// GetServiceID, GetOperationName and GetRegion in the context of a call, and
// behind GetRequestIDMetadata and GetRawResponse in its metadata.
//
// The region is that of o when Register runs: give it after options that set
// one, and know that a call which changes Options.Region keeps it. Middleware
// that is added later, at the very front of the Initialize step, runs before
// the values are in the context.
func Register(o *invoke.Options) {
	o.APIOptions = append(o.APIOptions, metadata.AddResponse, metadata.AddService(o.Region, nil))
}
