package invoke

import smithy "github.com/aws/smithy-go"

// InvocationType says what the service does with a request.
type InvocationType string

// The invocation types that the service documents.
const (
	// InvocationTypeRequestResponse runs the function and answers with its
	// result. It is the service's default.
	InvocationTypeRequestResponse InvocationType = "RequestResponse"
	// InvocationTypeEvent queues the event and answers at once with status 202.
	InvocationTypeEvent InvocationType = "Event"
	// InvocationTypeDryRun checks parameters and permission, runs nothing and
	// answers with status 204.
	InvocationTypeDryRun InvocationType = "DryRun"
)

// Base64 is a string in the standard encoding of base64, as it goes over the wire.
// It is another name for string, so that a member's type says so.
type Base64 = string

// LogType says whether the reply carries the end of the execution log.
type LogType string

// The log types that the service documents.
const (
	// LogTypeNone leaves the log out. It is the service's default.
	LogTypeNone LogType = "None"
	// LogTypeTail adds the last 4 KB of the log to a synchronous reply.
	LogTypeTail LogType = "Tail"
)

// InvokeInput is one call of a function. An empty member is not sent. The
// client reads it, payload included, until Invoke returns, and never after.
//
// See https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html for the
// service's description of each member.
type InvokeInput struct {
	// FunctionName names the function: its name ("my-function"), the name with
	// a version or alias ("my-function:v1"), a partial ARN
	// ("123456789012:function:my-function") or a full one. Required. A URL is
	// refused, and so is an ARN of another region than the client's unless
	// [Options.UseARNRegion] is set.
	FunctionName string

	// Qualifier selects a published version or an alias. Empty means $LATEST.
	Qualifier string

	// InvocationType is RequestResponse when empty.
	InvocationType InvocationType

	// LogType is None when empty. It is honoured for synchronous calls only.
	LogType LogType

	// ClientContext is base64 of JSON, 3,583 bytes at most, which the function
	// sees in its context object; for synchronous calls only. [ClientContext]
	// makes it from a value.
	ClientContext Base64

	// DurableExecutionName names the execution of a durable function. The same
	// name with the same payload refers to the same execution, so a call that
	// has one may be retried like an idempotent one.
	DurableExecutionName string

	// TenantId selects the tenant of a function with tenant isolation. The
	// members of inputs are spelt as in the service's API reference.
	TenantId string

	// Payload is the event, JSON for every managed runtime: up to 6 MB for a
	// synchronous call and 1 MB for an asynchronous one (the service enforces
	// it). It is sent as it is and not copied.
	Payload []byte
}

// members are what both operations send, whatever the type of their input.
type members struct {
	functionName         string
	qualifier            string
	invocationType       InvocationType
	logType              LogType
	clientContext        string
	durableExecutionName string
	tenantID             string
	payload              []byte
	streamed             bool // the response is
	notInvocation        bool // it is about an execution that exists
}

// idempotent reports whether a call is idempotent without the policy saying so.
func (m *members) idempotent() bool {
	return m.durableExecutionName != "" || m.invocationType == InvocationTypeDryRun
}

// input is implemented by the input type of every operation.
type input interface {
	members() members
	// validate returns what is wrong with the input, nil for a good one.
	validate() []smithy.InvalidParamError
}

func (in *InvokeInput) members() members {
	return members{
		functionName:         in.FunctionName,
		qualifier:            in.Qualifier,
		invocationType:       in.InvocationType,
		logType:              in.LogType,
		clientContext:        in.ClientContext,
		durableExecutionName: in.DurableExecutionName,
		tenantID:             in.TenantId,
		payload:              in.Payload,
	}
}

func (in *InvokeInput) validate() []smithy.InvalidParamError {
	m := in.members()
	return m.validate()
}
