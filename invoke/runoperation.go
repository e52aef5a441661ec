package invoke

import (
	"context"
	"fmt"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// RunOperation runs an operation that another package of this module describes,
// as package invoke/durable does. It is of no use outside of this module, where
// no value has the type of in.
//
// The call goes through the same stack as [Client.Invoke], has the same errors,
// and is retried as an idempotent one. The output is that of in.
func (c *Client) RunOperation(ctx context.Context, in lambdaop.Input, optFns ...func(*Options)) (any, error) {
	if in == nil {
		return nil, missingInput("RunOperation")
	}
	if err := c.usable(ctx, in.Operation()); err != nil {
		return nil, err
	}
	result, _, err := c.do(ctx, c.other(in.Operation()), &otherInput{in}, optFns)
	return result, err
}

// other returns the operation of that name, with the stacks that all its calls
// share.
func (c *Client) other(name string) *operation {
	if op, ok := c.state.others.Load(name); ok {
		return op.(*operation)
	}
	made := newOperation(name, steps{&validation{}, &otherSerializer{}, &deserializer{(*call).readOtherOutput}}, c.config.APIOptions)
	op, _ := c.state.others.LoadOrStore(name, made)
	return op.(*operation)
}

// otherInput is what the middleware sees as the input.
type otherInput struct{ lambdaop.Input }

func (in *otherInput) members() members {
	return members{functionName: in.Function(), qualifier: in.Qualifier(), notInvocation: true}
}

func (in *otherInput) validate() []smithy.InvalidParamError { return in.Validate() }

type otherSerializer struct{}

func (*otherSerializer) ID() string { return "OperationSerializer" }

func (*otherSerializer) HandleSerialize(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
	out middleware.SerializeOutput, metadata middleware.Metadata, err error,
) {
	req, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, metadata, fmt.Errorf("unexpected request %T", in.Request)
	}
	params, ok := in.Parameters.(*otherInput)
	if !ok {
		return out, metadata, fmt.Errorf("unexpected input %T", in.Parameters)
	}
	c := callFrom(ctx)
	_, span := c.config.telemetry.Start(ctx, telemetry.Serialize)
	c.functionName, c.idempotent, c.readOutput = params.Function(), true, params.Output
	r, err := params.Request()
	if err != nil {
		return out, metadata, &smithy.SerializationError{Err: err}
	}
	req.Method = r.Method
	req.URL.RawQuery = r.Query
	c.setPath(req, r.Path, r.RawPath)
	if r.Body != nil {
		c.setHeader(req.Header, wire.HeaderContentType, wire.ContentTypeJSON)
	}
	if req, err = c.setPayload(req, r.Body); err != nil {
		return out, metadata, err
	}
	in.Request = req
	span.End(nil)
	return next.HandleSerialize(ctx, in)
}

// readOtherOutput makes a success the output that the input asks for.
func (c *call) readOtherOutput(ctx context.Context, resp *smithyhttp.Response) (any, error) {
	body, err := c.readBody(ctx, resp)
	if err != nil {
		return nil, err
	}
	output, ok := c.readOutput(lambdaop.Reply{RequestID: c.requestID, Body: body})
	if !ok {
		if wire.IsServiceReply(resp.Header, body) { // no page: it may hold an input or a result, which errors do not quote
			body = nil
		}
		return nil, c.unexpected(resp, body, false)
	}
	return output, nil
}
