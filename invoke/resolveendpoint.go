package invoke

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// resolveEndpoint points the request at the service.
type resolveEndpoint struct{}

func (*resolveEndpoint) ID() string { return "ResolveEndpointV2" }

func (*resolveEndpoint) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := callFrom(ctx).address(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleFinalize(ctx, in)
}

//go:noinline
func (c *call) address(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	_, span := c.config.telemetry.Start(ctx, telemetry.ResolveEndpoint)
	req.URL.Scheme = c.destination.Scheme
	req.URL.Host = c.destination.Host
	span.EndResolved(req.URL.Scheme, req.URL.Host)
	return nil
}
