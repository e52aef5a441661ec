package invoke

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
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
	reasons := params.validate()
	c, reason := callFrom(ctx), ""
	if c.destination, reason = c.config.destinationOf(params.members().functionName); reason != "" {
		reasons = append(reasons, lambdaop.Invalid("FunctionName", reason))
	}
	if len(reasons) > 0 {
		return invalidParams(middleware.GetOperationName(ctx), reasons)
	}
	return nil
}

// validate returns what is wrong with the members of an input that calls a function.
func (m *members) validate() (reasons []smithy.InvalidParamError) {
	if m.functionName == "" {
		reasons = append(reasons, smithy.NewErrParamRequired("FunctionName"))
	} else if reason := notAName(m.functionName); reason != "" {
		reasons = append(reasons, lambdaop.Invalid("FunctionName", reason))
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
			reasons = append(reasons, lambdaop.Invalid(h.field, "control characters cannot be sent"))
		}
	}
	if right := misspelt(m.invocationType, InvocationTypeRequestResponse, InvocationTypeEvent, InvocationTypeDryRun); right != "" {
		reasons = append(reasons, lambdaop.Invalid("InvocationType", "misspelt: the service takes "+strconv.Quote(string(right))))
	}
	if right := misspelt(m.logType, LogTypeNone, LogTypeTail); right != "" {
		reasons = append(reasons, lambdaop.Invalid("LogType", "misspelt: the service takes "+strconv.Quote(string(right))))
	}
	if m.streamed && m.invocationType == InvocationTypeEvent {
		reasons = append(reasons, lambdaop.Invalid("InvocationType", "an asynchronous call has no response to stream"))
	}
	if strings.HasPrefix(m.clientContext, "{") {
		reasons = append(reasons, lambdaop.Invalid("ClientContext", "JSON has to be in base64: EncodeClientContext makes it"))
	}
	if n := len(m.clientContext); n > maxClientContext {
		reasons = append(reasons, lambdaop.Invalid("ClientContext", fmt.Sprintf("%d bytes are over the limit of %d", n, maxClientContext)))
	}
	return reasons
}

// misspelt returns the known value that another one means, such as "Event" for "event", and "" for a value that is known, empty or new.
func misspelt[E ~string](value E, known ...E) E {
	if value == "" || slices.Contains(known, value) {
		return ""
	}
	letters := strings.NewReplacer("-", "", "_", "", " ", "").Replace(string(value))
	for _, right := range known {
		if strings.EqualFold(letters, string(right)) {
			return right
		}
	}
	return ""
}

// notAName returns why a text cannot be a function's name and what to pass instead, "" for a text that can be one.
func notAName(name string) string {
	const instead = `: pass the function's name, such as "my-function", or its ARN`
	switch {
	case name == "." || name == "..":
		return "a path segment of dots is not a function name"
	case strings.Contains(name, ".lambda-url."):
		return "a function URL is not a function name" + instead + "; a URL is called with package net/http"
	case strings.Contains(name, "://"):
		return "a URL is not a function name" + instead + "; an endpoint goes into Options.BaseEndpoint"
	case strings.Contains(name, "/"):
		return "a function name has no slash" + instead
	}
	return ""
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
