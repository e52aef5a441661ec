package invoke

import (
	stderrors "errors"

	"github.com/aws/smithy-go/middleware"
)

// stack is a middleware stack with the transport at its end, ready to handle
// calls one after another.
type stack struct {
	handler middleware.Handler
	call    *call // the one it handles
}

// build assembles a stack. Middleware that does what one of the AWS SDK for
// Go's does bears the same ID, so that other middleware can be placed relative
// to it.
func (op *operation) build(apiOptions []func(*middleware.Stack) error) (*stack, error) {
	built := new(stack)
	s := middleware.NewStack(op.name, func() any { return built.call.newRequest() })
	err := stderrors.Join(
		s.Initialize.Add(validation{}, middleware.After),

		s.Serialize.Add(serializer{}, middleware.After),

		s.Build.Add(clientRequestID{}, middleware.After),
		s.Build.Add(userAgentHeader{}, middleware.After),
		s.Build.Add(recursionDetection{}, middleware.After),

		s.Finalize.Add(retryLoop{}, middleware.After),
		s.Finalize.Add(getIdentity{}, middleware.After),
		s.Finalize.Add(resolveEndpoint{}, middleware.After),
		s.Finalize.Add(computePayloadHash{}, middleware.After),
		s.Finalize.Add(signing{}, middleware.After),

		s.Deserialize.Add(op.deserializer, middleware.After),
		s.Deserialize.Add(requestIDRetriever{}, middleware.After),
	)
	if err != nil {
		return nil, err
	}
	for _, fn := range apiOptions {
		if err := fn(s); err != nil {
			return nil, err
		}
	}
	// Stack.HandleMiddleware would chain its steps anew for every call.
	built.handler = middleware.DecorateHandler(sender{},
		s.Initialize, s.Serialize, s.Build, s.Finalize, s.Deserialize)
	return built, nil
}
