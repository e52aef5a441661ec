package invoke

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// getIdentity finds the credentials to sign with.
type getIdentity struct{}

func (*getIdentity) ID() string { return "GetIdentity" }

func (*getIdentity) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := callFrom(ctx).identify(ctx); err != nil {
		return out, metadata, err
	}
	return next.HandleFinalize(ctx, in)
}

//go:noinline
func (c *call) identify(ctx context.Context) (err error) {
	c.identity, err = c.retrieveIdentity(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // the caller left; the provider is not to blame
		return c.transportError(errors.StageConnect, ctx.Err())
	}
	return &errors.CredentialsError{Err: explainUntrusted(err)}
}

func (c *call) retrieveIdentity(ctx context.Context) (id *credentials.Identity, err error) {
	ctx, span := c.config.telemetry.Start(ctx, telemetry.GetIdentity)
	err = errPanicked // unless the provider returns
	defer func() { span.End(err) }()
	return c.config.credentials.Identity(ctx)
}
