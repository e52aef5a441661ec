package invoke

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

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
