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

// computePayloadHash hashes the payload, once in a call. Where the stack has custom
// middleware, which may replace the request's stream, it checks the stream of each
// attempt.
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
	if c.customStack {
		if err := c.takeStream(req); err != nil {
			return err
		}
	}
	if c.payloadHash == nil {
		_, span := c.config.telemetry.Start(ctx, telemetry.HashPayload)
		c.payloadHash = sigv4.AppendPayloadHash(c.hashBuffer[:0], c.payload)
		span.End(nil)
	}
	return nil
}

// takeStream replaces the payload by the content of the request's stream.
func (c *call) takeStream(req *smithyhttp.Request) error {
	if c.payloadHash == nil || req.IsStreamSeekable() { // else the first attempt has read it
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

// streamed returns the content of the request's stream.
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
