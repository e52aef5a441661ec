package invoke

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/payload"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// requestIDRetriever keeps the request ID of the response. It comes after the
// deserializer in the stack, and so sees the response before it.
type requestIDRetriever struct{}

func (*requestIDRetriever) ID() string { return "RequestIDRetriever" }

func (*requestIDRetriever) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleDeserialize(ctx, in)
	if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && err == nil {
		callFrom(ctx).requestID = wire.RequestID(resp.Header)
	}
	return out, metadata, err
}

// deserializer makes a response an output or a typed error.
type deserializer struct {
	// read makes the output of a success. It closes the body, unless the output reads on.
	read func(*call, context.Context, *smithyhttp.Response) (any, error)
}

func (*deserializer) ID() string { return "OperationDeserializer" }

func (d *deserializer) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleDeserialize(ctx, in)
	if err == nil {
		out.Result, err = d.deserialize(ctx, out.RawResponse)
	}
	return out, metadata, err
}

//go:noinline
func (d *deserializer) deserialize(ctx context.Context, response any) (output any, err error) {
	resp, ok := response.(*smithyhttp.Response)
	if !ok {
		return nil, fmt.Errorf("unexpected response %T", response)
	}
	c := callFrom(ctx)
	_, span := c.config.telemetry.Start(ctx, telemetry.Deserialize)
	defer span.End(nil)
	if err = c.accept(ctx, resp); err == nil {
		output, err = d.read(c, ctx, resp)
	}
	if err != nil {
		c.requests.Judge(err)
		resp.Body.Close()
		resp.Body = http.NoBody
		return nil, err
	}
	return output, nil
}

// readInvokeOutput makes a success the output of Invoke.
func (c *call) readInvokeOutput(ctx context.Context, resp *smithyhttp.Response) (any, error) {
	payload, err := c.readBody(ctx, resp)
	if err != nil {
		return nil, err
	}
	h := resp.Header
	if !wire.IsServiceReply(h, payload) {
		return nil, c.unexpected(resp, payload, false)
	}
	return &InvokeOutput{
		StatusCode:          resp.StatusCode,
		ExecutedVersion:     wire.Value(h, wire.HeaderExecutedVersion),
		FunctionError:       wire.FunctionErrorKind(h),
		LogResult:           wire.Value(h, wire.HeaderLogResult),
		DurableExecutionArn: wire.Value(h, wire.HeaderDurableExecutionArn),
		Payload:             payload,
		RequestID:           c.requestID,
		Attempts:            c.attempt,
		functionName:        c.functionName,
	}, nil
}

// readBody returns the body of a success, which it closes.
func (c *call) readBody(ctx context.Context, resp *smithyhttp.Response) ([]byte, error) {
	defer resp.Body.Close()
	body, err := readPayload(resp.Response, c.config.MaxResponseBytes, c.scratch[:])
	if err != nil {
		return nil, c.receiveError(ctx, resp, err)
	}
	return body, nil
}

// accept returns nil for the head of a success, and for any other response its
// error. It takes the clock skew from either.
func (c *call) accept(ctx context.Context, resp *smithyhttp.Response) error {
	c.learnSkew(resp.Header, time.Now())
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		return nil
	}
	body, err := readErrorBody(resp)
	if err != nil && (ctx.Err() != nil || resp.StatusCode < 500) && wire.Value(resp.Header, wire.HeaderErrorType) == "" {
		// The body is incomplete, and the header does not name the exception. Where
		// the caller's context ended, that is the error to report. Below 500, the rest
		// of the body might have said that it is a function's error and no refusal.
		return c.receiveError(ctx, resp, err)
	}
	resp.Body.Close()
	resp.Body = http.NoBody
	service := wire.ServiceError(resp.StatusCode, resp.Header, body, c.sessionToken())
	var content *errors.InvalidRequestContentException
	if errtree.As(service, &content) {
		content.PayloadProblem = payload.Check(c.payload).String()
	}
	return wire.NewResponseError(resp, service)
}

// unexpected is the error of a success that is not the service's.
func (c *call) unexpected(resp *smithyhttp.Response, body []byte, streaming bool) error {
	err := wire.UnexpectedResponse(resp.StatusCode, resp.Header, body, c.sessionToken())
	err.Streaming = streaming
	return wire.NewResponseError(resp, err)
}

// receiveError is the error of a response whose body did not arrive whole.
func (c *call) receiveError(ctx context.Context, resp *smithyhttp.Response, err error) error {
	var large *errors.ResponseTooLargeError
	if errtree.As(err, &large) {
		large.StatusCode, large.RequestID = resp.StatusCode, c.requestID
	} else {
		broken := c.transportError(errors.StageReceive, cause(ctx, err))
		broken.StatusCode, broken.RequestID = resp.StatusCode, c.requestID
		err = broken
	}
	return wire.NewResponseError(resp, err)
}

// firstRead is the initial capacity, in bytes, for the payload of a response that
// does not declare its length.
const firstRead = 512

// readPayload reads the body of a success, at most limit bytes of it, into one
// buffer of the declared length. Middleware or a proxy may have changed the body and
// not the length, so a longer body is read as well, through scratch, which must not
// be empty.
func readPayload(resp *http.Response, limit int64, scratch []byte) ([]byte, error) {
	size := resp.ContentLength
	switch {
	case size > limit:
		return nil, &errors.ResponseTooLargeError{Limit: limit, Size: size}
	case resp.Body == http.NoBody:
		return nil, nil
	}
	capacity := int64(firstRead)
	if size >= 0 {
		capacity = min(size, defaultMaxResponseBytes) // a false length must not allocate more
	}
	payload := make([]byte, 0, capacity)
	for {
		var n int
		var err error
		if free := payload[len(payload):cap(payload)]; len(free) > 0 {
			n, err = resp.Body.Read(free)
			payload = payload[:len(payload)+n]
		} else {
			n, err = resp.Body.Read(scratch)
			payload = append(payload, scratch[:n]...)
		}
		switch {
		case int64(len(payload)) > limit:
			return nil, &errors.ResponseTooLargeError{Limit: limit, Size: -1}
		case err == io.EOF && int64(len(payload)) < size:
			return nil, io.ErrUnexpectedEOF
		case err == io.EOF && len(payload) == 0:
			return nil, nil
		case err == io.EOF:
			return payload, nil
		case err != nil:
			return nil, err
		}
	}
}

const (
	// maxErrorBody is what is read of an error's body. The service's are a few
	// hundred bytes.
	maxErrorBody = 64 << 10
	// maxDrain is what is read beyond it so that the connection can be used
	// again. A longer body costs more than a new connection.
	maxDrain = 256 << 10
)

// readErrorBody returns the first maxErrorBody bytes of an error's body and
// discards up to maxDrain more.
func readErrorBody(resp *smithyhttp.Response) ([]byte, error) {
	if resp.StatusCode < 200 { // 101: the body is the connection itself, and may never end
		return nil, nil
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	if err == nil && len(head) == maxErrorBody {
		_, err = io.CopyN(io.Discard, resp.Body, maxDrain)
		if err == io.EOF {
			err = nil
		}
	}
	return head, err
}
