package durable

import (
	"context"
	"fmt"
	"slices"
	"time"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsoncodec"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Func is a durable function as a Go function: In goes out as JSON, Out comes
// back from JSON, by the rules of [invoke.Func]. It is safe for concurrent use, as
// far as the Prepare and Observe it was given are. Make one with [New].
type Func[In, Out any] struct {
	starter
	encode func(*In) ([]byte, error)
	decode func([]byte, *Out) error
}

// starter is a durable function without the types of its input and its result.
type starter struct {
	client    *invoke.Client
	function  string
	options   invoke.FuncOptions
	intervals intervals
}

// New makes a Func of the durable function that function names: a name with an
// alias or a version ("order:live", "order:7", "order:$LATEST"), or an ARN that has
// one. It may stand in FuncOptions.Qualifier instead; the service starts no
// unqualified function. Nothing is sent, and nothing is checked before the first
// call.
//
// Of the options, LogType and ClientContext have no effect, because the service
// honours them for synchronous calls only. Prepare changes the request that starts an
// execution, all but its name and its invocation type; Observe sees the reply to it.
func New[In, Out any](c *invoke.Client, function string, optFns ...func(*invoke.FuncOptions)) *Func[In, Out] {
	f := &Func[In, Out]{
		starter: starter{client: c, function: function},
		encode:  jsoncodec.Encoder[In](),
		decode:  jsoncodec.Decoder[Out](),
	}
	for _, fn := range optFns {
		fn(&f.options)
	}
	return f
}

// WithIntervals returns a copy of f whose executions are asked at intervals from
// shortest to longest while somebody waits for them: see [Execution.Wait]. 0 stands
// for the defaults of 100 ms and 30 s. A negative one is an error of the waiting.
func (f *Func[In, Out]) WithIntervals(shortest, longest time.Duration) *Func[In, Out] {
	c := *f
	c.intervals = intervals{shortest: shortest, longest: longest}
	return &c
}

// Start starts the execution with this name, or joins the one that was started
// with the same name and payload before, and returns as soon as the service has
// accepted it. in may have up to 1 MB as JSON. The name has 1 to 64 of the
// characters a-z, A-Z, 0-9, - and _, and is unique in the account and region.
//
// The request is retried after every fault that may pass, also where it may have
// been accepted: whatever arrives twice starts one execution. An error from a start
// that may have been accepted is no reason for another name; start it again.
//
// optFns change the client's options for this call and for all that is later asked
// of the execution. The errors are those of [invoke.Client.Invoke], among them
//
//   - [smithy.InvalidParamsError]: the name, or the function without a version or an
//     alias, can only fail; nothing was sent.
//   - [*errors.DurableExecutionAlreadyStartedException]: the name stands for an
//     execution with another payload.
//   - [*smithy.SerializationError]: in cannot be encoded as JSON. Nothing was sent.
//   - [*errors.UnexpectedResponseError]: the reply names no execution of this name.
func (f *Func[In, Out]) Start(ctx context.Context, name string, in In, optFns ...func(*invoke.Options)) (*Execution[Out], error) {
	payload, err := f.encode(&in)
	if err != nil {
		return nil, operationError("Invoke", &smithy.SerializationError{Err: err})
	}
	arn, err := f.start(ctx, name, payload, optFns)
	if err != nil {
		return nil, err
	}
	return f.execution(arn, optFns), nil
}

// Call starts the execution with this name, or joins it, and waits for its result:
// it is [Func.Start] and [Execution.Wait]. Called again with the same name and input,
// by this process or by another, it comes to the same result, without a second
// execution. An [*ExecutionError] says that the execution was started; any other
// error is that of Start. Out is its zero value with every error.
func (f *Func[In, Out]) Call(ctx context.Context, name string, in In, optFns ...func(*invoke.Options)) (Out, error) {
	e, err := f.Start(ctx, name, in, optFns...)
	if err != nil {
		var zero Out
		return zero, err
	}
	return e.Wait(ctx)
}

// Execution is the execution with this ARN, which was started before, maybe by
// another process. Nothing is sent, and an ARN that is none is an error of the
// first question.
func (f *Func[In, Out]) Execution(arn string) *Execution[Out] { return f.execution(arn, nil) }

func (f *Func[In, Out]) execution(arn string, optFns []func(*invoke.Options)) *Execution[Out] {
	return &Execution[Out]{
		handle: handle{client: f.client, arn: arn, optFns: slices.Clone(optFns), intervals: f.intervals},
		decode: f.decode,
	}
}

// start starts an execution and returns its ARN.
func (f *starter) start(ctx context.Context, name string, payload []byte, optFns []func(*invoke.Options)) (string, error) {
	in := &invoke.InvokeInput{
		FunctionName: f.function,
		Qualifier:    f.options.Qualifier,
		TenantId:     f.options.TenantId,
		Payload:      payload,
	}
	if f.options.Prepare != nil && ctx != nil { // Invoke refuses a nil context
		f.options.Prepare(ctx, in)
	}
	in.DurableExecutionName, in.InvocationType = name, invoke.InvocationTypeEvent
	if reasons := check(in); len(reasons) > 0 {
		return "", invalidParams("Invoke", reasons)
	}
	out, err := f.client.Invoke(ctx, in, optFns...)
	if err != nil {
		return "", err
	}
	if f.options.Observe != nil {
		f.options.Observe(ctx, out)
	}
	a, ok := parseARN(out.DurableExecutionArn)
	if !ok || a.name != name {
		unexpected := &errors.UnexpectedResponseError{StatusCode: out.StatusCode, RequestID: out.RequestID}
		return "", operationError("Invoke", fmt.Errorf("the reply names no execution of this name; is the function a durable one? %w", unexpected))
	}
	return out.DurableExecutionArn, nil
}
