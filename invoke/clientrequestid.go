package invoke

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// clientRequestID names the call, the same on every attempt, so that the
// service's side can tell a retry from a new call.
type clientRequestID struct{}

func (*clientRequestID) ID() string { return "ClientRequestID" }

func (*clientRequestID) HandleBuild(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
	out middleware.BuildOutput, metadata middleware.Metadata, err error,
) {
	if err := setClientRequestID(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleBuild(ctx, in)
}

//go:noinline
func setClientRequestID(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	callFrom(ctx).setHeader(req.Header, wire.HeaderInvocationID, newUUID())
	return nil
}

// newUUID returns a random (version 4) UUID.
func newUUID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80

	var text [36]byte
	hex.Encode(text[0:8], id[0:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:36], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
