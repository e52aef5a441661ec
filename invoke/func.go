package invoke

import (
	"context"
	stderrors "errors"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsoncodec"
)

// FuncOptions configures a [Func]. Every field works as its zero value.
type FuncOptions struct {
	// Qualifier selects a published version or an alias. Empty means $LATEST.
	Qualifier string

	// LogType asks for the end of the execution log with every reply; Observe
	// sees it. None when empty.
	LogType LogType

	// ClientContext is sent with every call; [ClientContext] makes it from a
	// value. The service passes it on for synchronous calls only.
	ClientContext Base64

	// TenantId selects the tenant of a function with tenant isolation.
	TenantId string

	// Prepare changes the request of each call before it is sent: a tenant
	// taken from ctx, a DurableExecutionName of its own. The payload is in
	// place already. A call that is retried is prepared once. nil changes
	// nothing.
	Prepare func(ctx context.Context, in *InvokeInput)

	// Observe sees the reply of each call before it is decoded, that of a
	// failed function included: the place for logs, reports and, except in a Map,
	// the number of attempts. Errors of Invoke itself have no reply. It must not
	// change the payload. nil observes nothing.
	Observe func(ctx context.Context, out *InvokeOutput)
}

// Func is a remote function as a Go function: In goes out as JSON, Out comes
// back from JSON. Some types are not encoded:
//
//   - []byte and json.RawMessage pass through untouched, in both directions. A
//     type of one's own that is made of them is encoded as encoding/json has it.
//   - struct{} stands for no payload, in both directions: nothing is sent, and
//     what comes back is ignored.
//   - A nil pointer or interface as input sends no payload.
//
// A result that is empty counts as null, so it leaves Out at its zero value.
//
// A Func is safe for concurrent use, as far as the Prepare and Observe it was
// given are. Make one with [NewFunc].
type Func[In, Out any] struct {
	invoker Invoker
	name    string
	options FuncOptions
	encode  func(*In) ([]byte, error)
	decode  func([]byte, *Out) error
}

// NewFunc makes a Func of the function that functionName names, in any of the
// forms of [InvokeInput].FunctionName. c is usually a [*Client]. Nothing is sent, and
// nothing is checked before the first call.
func NewFunc[In, Out any](c Invoker, functionName string, optFns ...func(*FuncOptions)) *Func[In, Out] {
	f := &Func[In, Out]{
		invoker: c,
		name:    functionName,
		encode:  jsoncodec.Encoder[In](),
		decode:  jsoncodec.Decoder[Out](),
	}
	for _, fn := range optFns {
		fn(&f.options)
	}
	return f
}

// Call runs the function and returns its result. optFns change the client's
// options for this call alone. Beside the errors of [Client.Invoke] there are:
//
//   - [*errors.FunctionError]: the function ran and failed.
//   - [*errors.DecodeError]: it succeeded, but its result is no Out. The
//     payload is in the error.
//   - [*smithy.SerializationError]: in cannot be encoded as JSON. Nothing was
//     sent.
//
// Out is its zero value with every error.
func (f *Func[In, Out]) Call(ctx context.Context, in In, optFns ...func(*Options)) (Out, error) {
	request, err := f.request(ctx, &in, "")
	if err != nil {
		var zero Out
		return zero, err
	}
	reply, err := f.invoker.Invoke(ctx, request, optFns...)
	return f.result(ctx, reply, err)
}

// Reply is what came of one call of [Func.Invoke]: the result, and the reply
// that it was in, with RequestID, Attempts, ExecutedVersion and, where
// [FuncOptions].LogType asks for it, Log and Report.
type Reply[Out any] struct {
	// Out is the function's result, its zero value with an error.
	Out Out
	// InvokeOutput is the reply. It is zero where the call had none.
	InvokeOutput
}

// Invoke does what Call does and returns the whole reply. With the errors of a
// reply, [*errors.FunctionError] and [*errors.DecodeError], the reply is there as
// well; with any other error it is zero.
func (f *Func[In, Out]) Invoke(ctx context.Context, in In, optFns ...func(*Options)) (Reply[Out], error) {
	request, err := f.request(ctx, &in, "")
	if err != nil {
		return Reply[Out]{}, err
	}
	reply, err := f.invoker.Invoke(ctx, request, optFns...)
	out, failure := f.result(ctx, reply, err)
	if err != nil || reply == nil {
		return Reply[Out]{}, failure
	}
	return Reply[Out]{Out: out, InvokeOutput: *reply}, failure
}

// Send queues in as an event and returns as soon as the service has accepted
// it, which says nothing about the function's success: the service runs it
// later, and again if it fails. in may have up to 1 MB as JSON. optFns and
// errors are those of Call, except that nothing is decoded.
//
// The service's own word on asynchronous calls is that an event may now and
// then arrive more than once.
func (f *Func[In, Out]) Send(ctx context.Context, in In, optFns ...func(*Options)) error {
	request, err := f.request(ctx, &in, InvocationTypeEvent)
	if err != nil {
		return err
	}
	reply, err := f.invoker.Invoke(ctx, request, optFns...)
	_, err = f.accept(ctx, reply, err)
	return err
}

// request makes the input of one call.
func (f *Func[In, Out]) request(ctx context.Context, in *In, kind InvocationType) (*InvokeInput, error) {
	if f.invoker == nil {
		return nil, unusable(operationInvoke, "NewFunc was given a nil Invoker; pass it a Client")
	}
	if ctx == nil {
		return nil, unusable(operationInvoke, nilContext)
	}
	payload, err := f.encode(in)
	if err != nil {
		return nil, operationError(operationInvoke, &smithy.SerializationError{Err: err})
	}
	request := &InvokeInput{
		FunctionName:   f.name,
		Qualifier:      f.options.Qualifier,
		InvocationType: kind,
		LogType:        f.options.LogType,
		ClientContext:  f.options.ClientContext,
		TenantId:       f.options.TenantId,
		Payload:        payload,
	}
	if f.options.Prepare != nil {
		f.options.Prepare(ctx, request)
	}
	return request, nil
}

// accept returns the reply, or the error of the call: Invoke's err or that of a
// function that failed.
func (f *Func[In, Out]) accept(ctx context.Context, reply *InvokeOutput, err error) (*InvokeOutput, error) {
	if err != nil {
		return nil, err
	}
	if reply == nil { // only a fake does that
		return nil, operationError(operationInvoke, stderrors.New("the Invoker returned neither output nor error"))
	}
	if f.options.Observe != nil {
		f.options.Observe(ctx, reply)
	}
	if err := reply.Err(); err != nil {
		var failed *errors.FunctionError
		if errtree.As(err, &failed) && failed.FunctionName == "" { // a reply that no Client made
			failed.FunctionName = f.name
		}
		return nil, err
	}
	return reply, nil
}

// result returns what Call returns, given what Invoke returned.
func (f *Func[In, Out]) result(ctx context.Context, reply *InvokeOutput, err error) (Out, error) {
	var out, zero Out
	if reply, err = f.accept(ctx, reply, err); err != nil {
		return zero, err
	}
	if err := f.decode(reply.Payload, &out); err != nil {
		return zero, &errors.DecodeError{Payload: reply.Payload, Err: err, RequestID: reply.RequestID}
	}
	return out, nil
}

// operationInvoke is the operation that a Func's own errors name.
const operationInvoke = "Invoke"
