package invoke

import (
	"context"
	"fmt"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// maxClientContext is the service's limit on the encoded client context.
const maxClientContext = 3583

// validation refuses inputs that could only fail, before anything is sent.
// What the service itself may come to accept, such as a new invocation type,
// passes.
type validation struct{}

func (*validation) ID() string { return "OperationInputValidation" }

func (*validation) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	out middleware.InitializeOutput, metadata middleware.Metadata, err error,
) {
	if err := validateInput(ctx, in.Parameters); err != nil {
		return out, metadata, err
	}
	return next.HandleInitialize(ctx, in)
}

// validateInput returns the error of an input that could only fail. What a
// middleware needs before it calls the next one stands in a function of its own
// throughout this package: the stack of a call that waits holds the frames of all
// middleware, and small ones fit into half the memory.
//
//go:noinline
func validateInput(ctx context.Context, parameters any) error {
	params, ok := parameters.(input)
	if !ok {
		return fmt.Errorf("unexpected input %T", parameters)
	}
	m := params.members()
	if reasons := validate(&m); len(reasons) > 0 {
		return invalidParams(middleware.GetOperationName(ctx), reasons)
	}
	return nil
}

// validate returns what is wrong with an input, nil for a good one.
func validate(m *members) (reasons []smithy.InvalidParamError) {
	switch m.functionName {
	case "":
		reasons = append(reasons, smithy.NewErrParamRequired("FunctionName"))
	case ".", "..":
		reasons = append(reasons, &invalidParam{field: "FunctionName", reason: "a path segment of dots is not a function name"})
	}
	for _, h := range [...]struct{ field, value string }{
		{"Qualifier", m.qualifier},
		{"InvocationType", string(m.invocationType)},
		{"LogType", string(m.logType)},
		{"ClientContext", m.clientContext},
		{"DurableExecutionName", m.durableExecutionName},
		{"TenantId", m.tenantID},
	} {
		if hasControl(h.value) {
			reasons = append(reasons, &invalidParam{field: h.field, reason: "control characters cannot be sent"})
		}
	}
	if m.streamed && m.invocationType == InvocationTypeEvent {
		reasons = append(reasons, &invalidParam{field: "InvocationType", reason: "an asynchronous call has no response to stream"})
	}
	if n := len(m.clientContext); n > maxClientContext {
		reasons = append(reasons, &invalidParam{field: "ClientContext", reason: fmt.Sprintf("%d bytes are over the limit of %d", n, maxClientContext)})
	}
	return reasons
}

func invalidParams(operation string, reasons []smithy.InvalidParamError) error {
	invalid := smithy.InvalidParamsError{Context: operation + "Input"}
	for _, reason := range reasons {
		invalid.Add(reason)
	}
	return invalid
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// invalidParam is a smithy.InvalidParamError with a reason of its own, which
// smithy-go offers for missing members only. The value is not part of it: it
// may be a secret.
type invalidParam struct {
	context, nested, field, reason string
}

func (e *invalidParam) Error() string { return e.reason + ", " + e.Field() + "." }

func (e *invalidParam) Field() string {
	path := e.field
	if e.nested != "" {
		path = e.nested + "." + path
	}
	if e.context != "" {
		path = e.context + "." + path
	}
	return path
}

func (e *invalidParam) SetContext(context string) { e.context = context }

func (e *invalidParam) AddNestedContext(context string) {
	if e.nested != "" {
		context += "." + e.nested
	}
	e.nested = context
}
