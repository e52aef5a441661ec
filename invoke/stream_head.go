package invoke

import (
	"context"
	"io"
	"net/http"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// acceptStream refuses a success that is not an event stream.
func (c *call) acceptStream(resp *smithyhttp.Response) error {
	if resp.StatusCode == http.StatusNoContent || wire.IsEventStream(resp.Header) {
		return nil
	}
	return c.unexpected(resp, beginning(resp.Body), true)
}

// beginning returns the first bytes of a body, for an error, and waits tailTimeout for them at most: the response may be a stream of
// another kind, which sends nothing for minutes.
func beginning(body io.ReadCloser) []byte {
	var buffer [512]byte
	timer := time.AfterFunc(tailTimeout, func() { _ = body.Close() })
	defer timer.Stop()
	n, _ := io.ReadFull(body, buffer[:])
	return buffer[:n]
}

// readStreamOutput makes the head of a success the output of
// InvokeWithResponseStream, whose Body reads on.
func (c *call) readStreamOutput(_ context.Context, resp *smithyhttp.Response) (any, error) {
	if err := c.acceptStream(resp); err != nil {
		return nil, err
	}
	version := wire.Value(resp.Header, wire.HeaderExecutedVersion)
	stream := &streamBody{
		ctx:             c.Context, // not the call, which has served
		response:        resp.Body,
		events:          eventstream.NewReader(resp.Body),
		statusCode:      resp.StatusCode,
		functionName:    c.functionName,
		host:            c.destination.Host,
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
	}, nil
}
