package invoke

import (
	"context"
	"slices"
	"sync"
	"unsafe"

	"github.com/aws/smithy-go/middleware"
)

// operation is one operation of the service together with the stacks built
// for it. Building a stack takes longer than a call through it, so stacks are
// kept; and middleware of others may write to itself while it handles a call, so
// each serves one call at a time.
type operation struct {
	name       string
	steps      steps
	apiOptions []func(*middleware.Stack) error
	// values is what middleware.GetServiceID and GetOperationName read, made
	// once. Every call's context answers with it.
	values context.Context
	idle   sync.Pool // of *stack
}

// steps are the middleware in which operations differ.
type steps struct {
	validate    middleware.InitializeMiddleware
	serialize   middleware.SerializeMiddleware
	deserialize middleware.DeserializeMiddleware
}

func newOperation(name string, steps steps, apiOptions []func(*middleware.Stack) error) *operation {
	return &operation{
		name:       name,
		steps:      steps,
		apiOptions: apiOptions,
		values:     middleware.WithOperationName(middleware.WithServiceID(context.Background(), serviceID), name),
	}
}

// prepare builds the first stack, which shows whether the client's APIOptions
// fit it.
func (op *operation) prepare() error {
	s, err := op.build(op.apiOptions)
	if err != nil {
		return err
	}
	op.idle.Put(s)
	return nil
}

// do runs one call through a stack.
func (c *Client) do(ctx context.Context, op *operation, in input, optFns []func(*Options)) (any, middleware.Metadata, error) {
	cfg, own := c.config, false
	if len(optFns) > 0 {
		var err error
		if cfg, err = c.configFor(optFns); err != nil {
			return nil, middleware.Metadata{}, operationError(op.name, err)
		}
		own = !sameFuncs(cfg.APIOptions, c.config.APIOptions)
	}

	s, err := op.stack(cfg, own)
	if err != nil {
		return nil, middleware.Metadata{}, operationError(op.name, err)
	}
	call := &call{
		Context:     ctx,
		op:          op,
		config:      cfg,
		state:       c.state,
		destination: cfg.destination, // if a middleware takes the validation's place
		customStack: len(cfg.APIOptions) > 0,
	}
	watched, span := call.watch(in)
	returned := false
	defer func() {
		if !returned {
			call.end(&span, nil, errPanicked)
		}
	}()
	out, metadata, err := s.handler.HandleInitialize(watched, middleware.InitializeInput{Parameters: in})
	err = call.earlier.Explain(err) // whatever middleware made of it
	returned = true
	call.end(&span, out.Result, err)
	if !own { // after a panic the stack is lost to the pool, and should be
		op.idle.Put(s)
	}
	call.payload = nil // a response that outlives the call refers to it, and must not keep this
	if err != nil {
		return nil, metadata, operationError(op.name, err)
	}
	return out.Result, metadata, nil
}

// configFor applies the options of one call to a copy of the client's.
func (c *Client) configFor(optFns []func(*Options)) (*config, error) {
	opts := c.config.Options
	opts.APIOptions = slices.Clone(opts.APIOptions)
	for _, fn := range optFns {
		fn(&opts)
	}
	return newConfig(opts, c.config)
}

// sameFuncs reports whether a and b hold the very same functions. Go does not
// compare functions, but a function value is a pointer to what it is made of, and
// where that is one, so is the function. Most options of a call leave APIOptions
// alone, and building a stack for them would cost more than the call.
func sameFuncs(a, b []func(*middleware.Stack) error) bool {
	return slices.EqualFunc(a, b, func(f, g func(*middleware.Stack) error) bool {
		return *(*unsafe.Pointer)(unsafe.Pointer(&f)) == *(*unsafe.Pointer)(unsafe.Pointer(&g))
	})
}

// stack returns an idle stack, or a new one for a call with APIOptions of its
// own.
func (op *operation) stack(cfg *config, own bool) (*stack, error) {
	if own {
		return op.build(cfg.APIOptions)
	}
	if s, ok := op.idle.Get().(*stack); ok {
		return s, nil
	}
	return op.build(op.apiOptions)
}
