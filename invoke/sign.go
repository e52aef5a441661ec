package invoke

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
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
	return &errors.CredentialsError{Err: err}
}

func (c *call) retrieveIdentity(ctx context.Context) (id *credentials.Identity, err error) {
	ctx, span := c.config.telemetry.Start(ctx, telemetry.GetIdentity)
	err = errPanicked // unless the provider returns
	defer func() { span.End(err) }()
	return c.config.credentials.Identity(ctx)
}

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

// computePayloadHash hashes the payload, once per call. Where middleware may
// replace the request's stream, each attempt's is looked at.
type computePayloadHash struct{}

func (*computePayloadHash) ID() string { return "ComputePayloadHash" }

func (*computePayloadHash) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := callFrom(ctx).hash(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleFinalize(ctx, in)
}

//go:noinline
func (c *call) hash(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	if c.reshaped {
		if err := c.takeStream(req); err != nil {
			return err
		}
	}
	if c.payloadHash == nil {
		_, span := c.config.telemetry.Start(ctx, telemetry.HashPayload)
		c.payloadHash = sigv4.AppendPayloadHash(c.hashRoom[:0], c.payload)
		span.End(nil)
	}
	return nil
}

// takeStream makes what the request's stream holds the payload.
func (c *call) takeStream(req *smithyhttp.Request) error {
	if c.payloadHash == nil || req.IsStreamSeekable() { // any other was read by the attempt before
		payload, err := streamed(req)
		if err != nil {
			return err
		}
		if !bytes.Equal(payload, c.payload) {
			c.payloadHash = nil
		}
		c.payload = payload
	}
	req.ContentLength = int64(len(c.payload))
	return nil
}

// streamed returns the payload as the request's stream holds it, which
// middleware may have replaced.
func streamed(req *smithyhttp.Request) ([]byte, error) {
	stream := req.GetStream()
	if stream == nil {
		return nil, nil
	}
	payload, err := io.ReadAll(stream)
	if err != nil {
		return nil, fmt.Errorf("read the request's stream: %w", err)
	}
	if req.IsStreamSeekable() {
		err = req.RewindStream()
	}
	return payload, err
}

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
