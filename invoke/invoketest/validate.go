package invoketest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// The service's limits, in bytes.
const (
	maxRequest       = 6 << 20
	maxEvent         = 1 << 20
	maxResponse      = 6<<20 + 100
	maxClientContext = 3583
)

// refusal returns the reply to a request that is not fit to be looked at any
// further, nil for one that is.
func (x *exchange) refusal(body []byte) *reply {
	if len(body) > maxRequest { // not read whole, so there is no verifying it
		return exception(http.StatusRequestEntityTooLarge, "RequestTooLargeException",
			fmt.Sprintf("Request must be smaller than %d bytes for the InvokeFunction operation", maxRequest))
	}
	if rep := x.s.authenticate(x.r, body); rep != nil {
		return rep
	}
	clientContext := x.r.Header.Get(wire.HeaderClientContext)
	switch req := x.req; {
	case req.Operation == "" || req.FunctionName == "":
		return exception(http.StatusNotFound, "UnknownOperationException", "no operation has this method and path")
	case req.qualifierConflict:
		return exception(http.StatusBadRequest, "InvalidParameterValueException",
			"The qualifier in the function name is not the one specified.")
	case !knownType(req):
		return exception(http.StatusBadRequest, "ValidationException", "the invocation type is not one of those that exist")
	case len(clientContext) > maxClientContext:
		return exception(http.StatusBadRequest, "ValidationException",
			fmt.Sprintf("the client context is longer than %d bytes", maxClientContext))
	case !validClientContext(clientContext):
		return exception(http.StatusBadRequest, "InvalidRequestContentException",
			"Client context must be a valid Base64-encoded JSON object.")
	case req.InvocationType == invoke.InvocationTypeEvent && len(body) > maxEvent:
		return exception(http.StatusRequestEntityTooLarge, "RequestTooLargeException",
			fmt.Sprintf("%d byte payload is too large for the Event invocation type (limit %d bytes)", len(body), maxEvent))
	case x.durableName() != "" && req.Qualifier == "":
		return exception(http.StatusBadRequest, "InvalidParameterValueException",
			"You cannot invoke a durable function using an unqualified ARN.")
	case !validDurableName(x.durableName()):
		return exception(http.StatusBadRequest, "ValidationException",
			"the name of a durable execution has 1 to 64 letters, digits, hyphens and underscores")
	case len(body) > 0 && !json.Valid(body):
		return exception(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json.")
	}
	return nil
}

func knownType(req *Request) bool {
	switch req.InvocationType {
	case invoke.InvocationTypeRequestResponse, invoke.InvocationTypeDryRun:
		return true
	case invoke.InvocationTypeEvent:
		return !req.Streamed
	}
	return false
}

func validClientContext(encoded string) bool {
	if encoded == "" {
		return true
	}
	text, err := base64.StdEncoding.DecodeString(encoded)
	return err == nil && json.Valid(text)
}
