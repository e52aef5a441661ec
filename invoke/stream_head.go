package invoke

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// streamDeserializer makes the head of a response of InvokeWithResponseStream
// an output, which reads on, or a typed error.
type streamDeserializer struct{}

func (*streamDeserializer) ID() string { return "OperationDeserializer" }

func (*streamDeserializer) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleDeserialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	resp, ok := out.RawResponse.(*smithyhttp.Response)
	if !ok {
		return out, metadata, fmt.Errorf("unexpected response %T", out.RawResponse)
	}
	c := callFrom(ctx)
	end := c.config.telemetry.deserializing(ctx)
	defer end()
	if err = c.accept(ctx, resp); err == nil {
		err = c.acceptStream(resp)
	}
	if err != nil {
		resp.Body.Close()
		resp.Body = http.NoBody
		c.requests.Judge(err)
		return out, metadata, err
	}
	out.Result = c.streamOutput(resp)
	return out, metadata, nil
}

// acceptStream refuses a success that is no event stream.
func (c *call) acceptStream(resp *smithyhttp.Response) error {
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	contentType := wire.Value(resp.Header, wire.HeaderContentType)
	if mediaType, _, _ := mime.ParseMediaType(contentType); mediaType == wire.ContentTypeEventStream {
		return nil
	}
	err := &errors.ContentTypeError{ContentType: contentType, StatusCode: resp.StatusCode, RequestID: c.requestID}
	return &smithyhttp.ResponseError{Response: resp, Err: err}
}

func (c *call) streamOutput(resp *smithyhttp.Response) *InvokeWithResponseStreamOutput {
	version := wire.Value(resp.Header, wire.HeaderExecutedVersion)
	stream := &streamBody{
		ctx:             c.Context, // not the call, which has served
		response:        resp.Body,
		events:          eventstream.NewReader(resp.Body),
		statusCode:      resp.StatusCode,
		functionName:    c.functionName,
		host:            c.config.endpoint.Host,
		executedVersion: version,
		requestID:       c.requestID,
	}
	if resp.StatusCode == http.StatusNoContent { // a dry run has nothing to stream
		stream.end(io.EOF)
	}
	return &InvokeWithResponseStreamOutput{
		StatusCode:      resp.StatusCode,
		ExecutedVersion: version,
		ContentType:     wire.Value(resp.Header, wire.HeaderContentType),
		RequestID:       c.requestID,
		Body:            stream,
		Attempts:        c.attempt,
		stream:          stream,
	}
}
