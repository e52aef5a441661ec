package invoke

import (
	"context"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// call is the state of one call on its way through the stack. It is the
// context that the middleware sees: the caller's context with the call's own
// values added, in one allocation instead of a chain of them.
type call struct {
	context.Context // the caller's

	op     *operation
	config *config
	state  *clientState
	// destination is where the requests go. The validation sets it, for each pass
	// that middleware makes through the stack.
	destination *destination
	// customStack says that APIOptions may have added middleware. Each attempt then
	// has its own copy of the request, with the payload in its stream. Without such
	// middleware the copies are saved.
	customStack bool
	idempotent  bool
	scratch     [1]byte // for readPayload; beside the small fields, as the size of a call just fits an allocation class

	functionName string
	readOutput   func(lambdaop.Reply) (any, bool) // of RunOperation; else nil
	payload      []byte
	payloadHash  []byte // in hashBuffer; nil until it is computed
	hashBuffer   [64]byte
	headerSpace  []string // what is left for header values; nil before the first one
	headerBuffer [maxHeaders]string

	request  requestParts
	session  retries.Session
	loopSpan telemetry.Span
	recovery recovery
	earlier  attempt.Record // the requests of attempts before the current one

	// Of the current attempt.
	attempt     int
	identity    *credentials.Identity
	signedSkew  time.Duration
	exchange    *exchange // nil before it is sent
	requests    attempt.Record
	attemptSpan telemetry.Attempt
	first       exchange // the first attempt's
	sentAt      time.Time
	requestID   string
	skew        time.Duration // as the response told it
	skewKnown   bool
}

// transportError is the error of an attempt that ended at stage.
func (c *call) transportError(stage errors.Stage, err error) *errors.TransportError {
	return &errors.TransportError{Stage: stage, Err: explainUntrusted(err), FunctionName: c.functionName, Host: c.destination.Host}
}

// sessionToken returns the session token of the last attempt, "" for none.
func (c *call) sessionToken() string {
	if c.identity == nil {
		return ""
	}
	return c.identity.Signing.SessionToken
}

type callKey struct{}

// Value returns the call itself, the names of service and operation that
// smithy-go's getters ask for, and everything else from the caller's context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	if v := c.op.values.Value(key); v != nil {
		return v
	}
	return c.Context.Value(key)
}

// callFrom returns the call that ctx belongs to. Middleware of others may have
// wrapped the context, so it is looked up and not cast.
func callFrom(ctx context.Context) *call {
	if c, ok := ctx.(*call); ok {
		return c
	}
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}
