package invoke

import (
	stderrors "errors"
	"fmt"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// stack is a middleware stack that was chained and ends in the transport, ready
// to handle calls one after another.
type stack struct {
	handler middleware.InitializeHandler
}

// build assembles a stack. Middleware that does what one of the AWS SDK for
// Go's does has the same ID, so that other middleware can be placed relative
// to it.
//
// Its error is an [*errors.OptionsError].
func (op *operation) build(apiOptions []func(*middleware.Stack) error) (*stack, error) {
	handler, err := op.assemble(apiOptions)
	if err != nil {
		return nil, &errors.OptionsError{Err: fmt.Errorf("invoke: Options.APIOptions: %w", err)}
	}
	return &stack{handler: handler}, nil
}

func (op *operation) assemble(apiOptions []func(*middleware.Stack) error) (middleware.InitializeHandler, error) {
	s := middleware.NewStack(op.name, smithyhttp.NewStackRequest)
	err := stderrors.Join(
		s.Initialize.Add(op.steps.validate, middleware.After),

		s.Serialize.Add(op.steps.serialize, middleware.After),

		s.Build.Add(&clientRequestID{}, middleware.After),
		s.Build.Add(&userAgentHeader{}, middleware.After),
		s.Build.Add(&recursionDetection{}, middleware.After),

		s.Finalize.Add(&retryLoop{}, middleware.After),
		s.Finalize.Add(&getIdentity{}, middleware.After),
		s.Finalize.Add(&resolveEndpoint{}, middleware.After),
		s.Finalize.Add(&computePayloadHash{}, middleware.After),
		s.Finalize.Add(&signing{}, middleware.After),

		s.Deserialize.Add(op.steps.deserialize, middleware.After),
		s.Deserialize.Add(&requestIDRetriever{}, middleware.After),
	)
	if err != nil {
		return nil, err
	}
	for _, fn := range apiOptions {
		if err := fn(s); err != nil {
			return nil, err
		}
	}
	return chain(s)
}
