package invoke

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// signing signs the request as it stands.
type signing struct{}

func (*signing) ID() string { return "Signing" }

func (*signing) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := sign(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleFinalize(ctx, in)
}

//go:noinline
func sign(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	c := callFrom(ctx)
	_, span := c.config.telemetry.Start(ctx, telemetry.Sign)
	c.signedSkew = time.Duration(c.destination.skew.Load())
	err := c.state.signer.SignInto(c.headerSlots(sigv4.HeaderValues), req.Request, &c.identity.Signing, c.payloadHash, signingName, c.destination.SigningRegion, time.Now().Add(c.signedSkew))
	span.End(nil)
	if err != nil {
		return fmt.Errorf("sign the request: %w", err)
	}
	return nil
}
