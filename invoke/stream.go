package invoke

import (
	"context"
	"io"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/internal/logtail"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// InvokeWithResponseStreamInput is one call of a function whose response is
// read as it comes. An empty member is not sent. The client reads it, payload
// included, until InvokeWithResponseStream returns, and never after.
//
// See https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
// for the service's description of each member.
type InvokeWithResponseStreamInput struct {
	// FunctionName names the function, in any of the forms that
	// [InvokeInput.FunctionName] takes. Required.
	FunctionName string

	// Qualifier selects a published version or an alias. Empty means $LATEST.
	Qualifier string

	// InvocationType is RequestResponse when empty. DryRun is possible, and has
	// an empty Body; Event is refused.
	InvocationType InvocationType

	// LogType is None when empty. With Tail the log comes at the end of the
	// stream: see [InvokeWithResponseStreamOutput.Log].
	LogType LogType

	// ClientContext is base64 of JSON, 3,583 bytes at most, which the function
	// sees in its context object. [ClientContext] makes it from a value.
	ClientContext Base64

	// TenantId selects the tenant of a function with tenant isolation.
	TenantId string

	// Payload is the event, up to 6 MB (the service enforces it). It is sent as
	// it is and not copied.
	Payload []byte
}

func (in *InvokeWithResponseStreamInput) members() members {
	return members{
		functionName:   in.FunctionName,
		qualifier:      in.Qualifier,
		invocationType: in.InvocationType,
		logType:        in.LogType,
		clientContext:  in.ClientContext,
		tenantID:       in.TenantId,
		payload:        in.Payload,
		streamed:       true,
	}
}

func (in *InvokeWithResponseStreamInput) validate() []smithy.InvalidParamError {
	m := in.members()
	return m.validate()
}

// InvokeWithResponseStreamOutput is the beginning of a response; the rest comes
// through Body.
type InvokeWithResponseStreamOutput struct {
	// StatusCode is 200 for RequestResponse, 204 for DryRun.
	StatusCode int

	// ExecutedVersion is the version that runs, as an alias may hide it. Empty
	// for DryRun.
	ExecutedVersion string

	// ContentType is that of the response, which carries the function's bytes
	// in an event stream. Empty for DryRun.
	ContentType string

	// RequestID identifies the request at the service; give it to support.
	RequestID string

	// Body yields the function's bytes as they come. It is an [io.WriterTo] too,
	// so that io.Copy needs no buffer of its own. It is never nil, and must be
	// read to its end or closed.
	//
	// Its end is io.EOF only when the function succeeded. Otherwise it is
	//
	//   - [*errors.FunctionError]: the function failed, maybe midway.
	//   - [*errors.StreamError]: the service broke off, with an exception such
	//     as [*errors.ServiceException] in it.
	//   - [*errors.TransportError]: the connection failed, what came over it was
	//     corrupt, or it ended before the function did. errors.Is finds
	//     context.Canceled and context.DeadlineExceeded where the call's context
	//     ended it, which also wakes a Read that waits; and io.ErrUnexpectedEOF.
	//
	// The bytes before an error are the function's. Each further Read returns the
	// same error.
	//
	// A Body that was read to its end leaves its connection to the next call. Close
	// before the end closes the connection, because the rest may take long to come.
	// Close returns nil, and may be called repeatedly and while another goroutine
	// reads: that Read, and each later one, returns http.ErrBodyReadAfterClose.
	// Otherwise Body is for one goroutine at a time.
	Body io.ReadCloser

	// Attempts is how many requests the call took, 1 without a retry.
	Attempts int

	// ResultMetadata holds what middleware left in it.
	ResultMetadata middleware.Metadata

	stream *streamBody // under Body, whatever middleware wrapped around it
}

// Log returns the end of the execution log, decoded, once Body has come to its
// end and when the input asked for it; before, and without one, nil. An error
// means that what came is not base64.
func (o *InvokeWithResponseStreamOutput) Log() ([]byte, error) {
	if o.stream == nil {
		return nil, nil
	}
	return decodeLog(o.stream.logResult)
}

// Report finds the platform's report in [InvokeWithResponseStreamOutput.Log],
// as [InvokeOutput.Report] does.
func (o *InvokeWithResponseStreamOutput) Report() (Report, bool) {
	log, err := o.Log()
	if err != nil {
		return Report{}, false
	}
	report, ok := logtail.ParseReport(log)
	return Report(report), ok
}

// responseStream is the operation, with the stacks that all calls share.
func (c *Client) responseStream() *operation {
	c.state.streaming.once.Do(func() {
		c.state.streaming.operation = newOperation("InvokeWithResponseStream",
			steps{&validation{}, &serializer{wire.ResponseStreamPath}, &deserializer{(*call).readStreamOutput}}, c.config.APIOptions)
	})
	return c.state.streaming.operation
}

// InvokeWithResponseStream calls a function and returns when its response
// begins, with a Body to read the rest from. ctx is the deadline of the whole,
// Body included. optFns change the client's options for this call alone;
// MaxResponseBytes does not bound a stream, which is never in memory as a
// whole.
//
// Its errors are those of [Client.Invoke]; [*errors.UnexpectedResponseError]
// stands for any success that is not an event stream. Only until the response begins is a call
// retried, by the same rules. What happens from then on is told by Body.
//
// InvokeWithResponseStream is safe for concurrent use.
func (c *Client) InvokeWithResponseStream(ctx context.Context, in *InvokeWithResponseStreamInput, optFns ...func(*Options)) (*InvokeWithResponseStreamOutput, error) {
	if err := c.usable(ctx, "InvokeWithResponseStream"); err != nil {
		return nil, err
	}
	op := c.responseStream()
	if in == nil {
		return nil, missingInput(op.name)
	}
	// A response lives as long as its context. Where middleware turns a success
	// into an error or a panic, only this ends it.
	ctx, cancel := context.WithCancel(ctx)
	returned := false
	defer func() {
		if !returned {
			cancel()
		}
	}()
	result, metadata, err := c.do(ctx, op, in, optFns)
	if err != nil {
		return nil, err
	}
	out, ok := result.(*InvokeWithResponseStreamOutput)
	if !ok || out == nil {
		return nil, unexpectedResult(op.name, result)
	}
	out.ResultMetadata = metadata
	out.stream.whenOver(cancel)
	returned = true
	return out, nil
}
