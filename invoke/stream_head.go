package invoke

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
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
	_, span := c.config.telemetry.Start(ctx, telemetry.Deserialize)
	defer span.End(nil)
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

// acceptStream refuses a success that is not an event stream.
func (c *call) acceptStream(resp *smithyhttp.Response) error {
	if resp.StatusCode == http.StatusNoContent || wire.IsEventStream(resp.Header) {
		return nil
	}
	return c.unexpected(resp, beginning(resp.Body), true)
}

// beginning returns the first bytes of a response that is refused, as far as they arrive in time. What is refused may be a stream of
// another kind, which sends nothing for minutes.
func beginning(body io.ReadCloser) []byte {
	var buffer [512]byte
	timer := time.AfterFunc(tailTimeout, func() { _ = body.Close() })
	defer timer.Stop()
	n, _ := io.ReadFull(body, buffer[:])
	return buffer[:n]
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
