package streams

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// How a stream can end.
const (
	Succeeded      = "the function succeeded"
	FunctionFailed = "the function failed"
	ServiceFailed  = "the service broke off"
	Broken         = "the stream broke"
	Unsaid         = "" // it ended, and nothing said how
)

// Outcome is what a stream came to.
type Outcome struct {
	StatusCode      int
	ExecutedVersion string
	ContentType     string
	Bytes           int64
	Sum             [sha256.Size]byte // of the function's bytes
	End             string
	Code, Details   string // of a failure
	Log             string // base64, as on the wire
}

// counter takes the function's bytes.
type counter struct {
	n   int64
	sum hash.Hash
}

func newCounter() *counter { return &counter{sum: sha256.New()} }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.sum.Write(p)
}

func (c *counter) fill(o *Outcome) { o.Bytes, o.Sum = c.n, [sha256.Size]byte(c.sum.Sum(nil)) }

// Ours reads a stream with this client. err is that of the call; one of the stream is in the outcome.
func Ours(ctx context.Context, client *invoke.Client) (o Outcome, err error) {
	out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
	if err != nil {
		return o, err
	}
	defer out.Body.Close()
	bytes := newCounter()
	_, err = io.Copy(bytes, out.Body)
	bytes.fill(&o)
	o.StatusCode, o.ExecutedVersion, o.ContentType = out.StatusCode, out.ExecutedVersion, out.ContentType
	if log, logErr := out.Log(); logErr == nil {
		o.Log = base64.StdEncoding.EncodeToString(log)
	}

	var failed *lambdaerrors.FunctionError
	var api smithy.APIError
	switch {
	case err == nil:
		o.End = Succeeded
	case errors.As(err, &failed):
		o.End, o.Code, o.Details = FunctionFailed, cmp.Or(failed.ErrorType, failed.FunctionError), string(failed.Payload)
	case errors.As(err, &api):
		o.End, o.Code, o.Details = ServiceFailed, api.ErrorCode(), api.ErrorMessage()
	default:
		o.End = Broken
	}
	return o, nil
}

// SDK reads a stream with the SDK. There is no payload: the SDK closes it when the response begins, and where net/http has
// not asked it for its end by then, net/http closes the connection and the stream with it, once in about sixty streams.
func SDK(ctx context.Context, client *lambda.Client) (o Outcome, err error) {
	out, err := client.InvokeWithResponseStream(ctx, &lambda.InvokeWithResponseStreamInput{FunctionName: aws.String("f")})
	if err != nil {
		return o, err
	}
	stream := out.GetStream()
	defer stream.Close()
	o.StatusCode, o.ExecutedVersion, o.ContentType = int(out.StatusCode), aws.ToString(out.ExecutedVersion), aws.ToString(out.ResponseStreamContentType)
	bytes := newCounter()
	for event := range stream.Events() {
		switch e := event.(type) {
		case *types.InvokeWithResponseStreamResponseEventMemberPayloadChunk:
			_, _ = bytes.Write(e.Value.Payload) // a hash takes all
		case *types.InvokeWithResponseStreamResponseEventMemberInvokeComplete:
			o.End = Succeeded
			if code := aws.ToString(e.Value.ErrorCode); code != "" {
				o.End, o.Code, o.Details = FunctionFailed, code, aws.ToString(e.Value.ErrorDetails)
			}
			o.Log = aws.ToString(e.Value.LogResult)
		}
	}
	bytes.fill(&o)
	if err := stream.Err(); err != nil {
		o.End = Broken
		var api smithy.APIError
		if errors.As(err, &api) {
			o.End, o.Code, o.Details = ServiceFailed, api.ErrorCode(), api.ErrorMessage()
		}
	}
	return o, nil
}
