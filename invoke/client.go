package invoke

import (
	"context"
	stderrors "errors"
	"fmt"
	"slices"
	"sync"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

const (
	serviceID   = "Lambda"
	signingName = "lambda"
)

// Invoker is what code that calls functions should take, so that its tests can
// pass something else than a [Client]. A Client is one.
type Invoker interface {
	Invoke(context.Context, *InvokeInput, ...func(*Options)) (*InvokeOutput, error)
}

var _ Invoker = (*Client)(nil)

// StreamInvoker is what code that reads response streams should take, for the
// same reason. A Client is one. A fake returns an
// [InvokeWithResponseStreamOutput] with a Body of its own, such as
// io.NopCloser(strings.NewReader("…")).
type StreamInvoker interface {
	InvokeWithResponseStream(context.Context, *InvokeWithResponseStreamInput, ...func(*Options)) (*InvokeWithResponseStreamOutput, error)
}

var _ StreamInvoker = (*Client)(nil)

// Client calls Lambda functions. Make one with [New] or [NewFromEnv], keep it
// for the life of the program, and share it: it is safe for concurrent use,
// and its callers share connections, credentials and the retry quota.
//
// A Client needs no closing. Its idle connections close by themselves.
type Client struct {
	config *config
	state  *clientState

	invoke *operation
}

// clientState is what calls of one client learn and share.
type clientState struct {
	signer sigv4.Signer
	quota  retries.Quota

	// Made when first used, so that a program which never streams does not
	// link what that takes.
	streaming struct {
		once      sync.Once
		operation *operation
	}

	// others are the operations of RunOperation, by name.
	others sync.Map // of *operation
}

// New makes a client from opts, after optFns changed them. It checks
// everything that can be checked without the network, so a client that was
// made can be used. The error is an [*errors.OptionsError] that says which
// options are wrong and what to do, one to a line. opts is copied.
func New(opts Options, optFns ...func(*Options)) (*Client, error) {
	opts.APIOptions = slices.Clone(opts.APIOptions)
	for _, fn := range optFns {
		fn(&opts)
	}
	op := newOperation("Invoke", steps{&validation{}, &serializer{wire.InvokePath}, &deserializer{(*call).readInvokeOutput}}, opts.APIOptions)
	cfg, err := newConfig(opts, nil)
	if stackErr := op.prepare(); stackErr != nil {
		err = &errors.OptionsError{Err: stderrors.Join(err, stackErr)}
	}
	if err != nil {
		return nil, err
	}
	return &Client{config: cfg, state: new(clientState), invoke: op}, nil
}

// Invoke calls a function and waits for the reply: the result of a synchronous
// call, the acceptance of an asynchronous one. optFns change the client's
// options for this call alone. ctx is the only deadline; a synchronous call may
// rightly take 15 minutes.
//
// A function that failed is not an error of Invoke: see [InvokeOutput.Err].
// Every error is a [*smithy.OperationError] around one of:
//
//   - [smithy.InvalidParamsError]: in is wrong; nothing was sent.
//   - [*errors.OptionsError]: the options of this call are wrong; nothing was sent.
//   - a documented exception such as [*errors.ResourceNotFoundException], each
//     of which is also an [*errors.LambdaServiceException]; a reply with any
//     other code is that base alone. With it comes a [*smithyhttp.ResponseError].
//   - [*errors.TransportError]: the connection failed, at a known stage.
//   - [*errors.CredentialsError]: the provider had no credentials.
//   - [*errors.ResponseTooLargeError]: the reply is over MaxResponseBytes.
//   - [*errors.UnexpectedResponseError]: a proxy or another service sent a page
//     with a status of success.
//
// A [*retry.MaxAttemptsError], [*retry.GaveUpError] or
// [*retry.EarlierAttemptError] around it tells of retries, and middleware may
// return errors of its own. errors.Is finds context.Canceled and
// context.DeadlineExceeded where ctx ended the call, or would have ended it
// before the retry that was due ([*retry.GaveUpError]). errors.MayHaveExecuted
// tells whether the function may have run all the same.
//
// Invoke is safe for concurrent use.
func (c *Client) Invoke(ctx context.Context, in *InvokeInput, optFns ...func(*Options)) (*InvokeOutput, error) {
	if err := c.usable(ctx, "Invoke"); err != nil {
		return nil, err
	}
	if in == nil {
		return nil, missingInput(c.invoke.name)
	}
	result, metadata, err := c.do(ctx, c.invoke, in, optFns)
	if err != nil {
		return nil, err
	}
	out, ok := result.(*InvokeOutput)
	if !ok || out == nil {
		return nil, unexpectedResult(c.invoke.name, result)
	}
	out.ResultMetadata = metadata
	return out, nil
}

// usable refuses a client that was not made by New, such as the one that an
// ignored error leaves, and a nil context.
func (c *Client) usable(ctx context.Context, operation string) error {
	if c == nil || c.config == nil {
		return unusable(operation, "the Client is nil or zero; make one with New or NewFromEnv")
	}
	if ctx == nil {
		return unusable(operation, nilContext)
	}
	return nil
}

const nilContext = "the context is nil; pass context.Background() where there is no other"

func unusable(operation, why string) error {
	return operationError(operation, &errors.OptionsError{Err: fmt.Errorf("invoke: %s", why)})
}

func missingInput(operation string) error {
	invalid := smithy.InvalidParamsError{Context: operation}
	invalid.Add(smithy.NewErrParamRequired(operation + "Input"))
	return operationError(operation, invalid)
}

// unexpectedResult is the error of a result that is not the operation's output.
// Only middleware can cause it.
func unexpectedResult(operation string, result any) error {
	return operationError(operation, fmt.Errorf("the middleware stack returned a %T in place of an output", result))
}

func operationError(operation string, err error) error {
	return &smithy.OperationError{ServiceID: serviceID, OperationName: operation, Err: err}
}
