package invoke

import (
	"slices"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// mapClient makes the requests of a Map, one for each Invoke: retries of the
// client's own would hide from the Map that the service throttles.
type mapClient struct {
	invoker  Invoker
	optFns   []func(*Options)
	policy   func() retry.Policy // for what is not throttling
	quota    *retries.Quota
	isClient bool // invoker is a Client, not a fake or a wrapper
}

func newMapClient(c Invoker, optFns []func(*Options)) mapClient {
	// What wraps a client passes the options of a call on to it, so the first
	// call shows the client's policy.
	var seen atomic.Pointer[retry.Policy]
	oneAttempt := func(o *Options) {
		if seen.Load() == nil {
			policy := o.Retry
			seen.Store(&policy)
		}
		o.Retry.MaxAttempts = 1
	}
	optFns = slices.Concat(optFns, []func(*Options){oneAttempt})
	policy := func() retry.Policy {
		if seen.Load() == nil { // a fake, which applies no options: the Map's own options decide
			var opts Options
			for _, fn := range optFns {
				fn(&opts)
			}
		}
		return *seen.Load()
	}
	if client, ok := c.(*Client); ok {
		// With a wrong option, each call of c reports it.
		if fixed, err := client.with(optFns); err == nil {
			return mapClient{invoker: fixed, policy: policy, quota: &client.state.quota, isClient: true}
		}
	}
	return mapClient{invoker: c, optFns: optFns, policy: policy, quota: new(retries.Quota)}
}

// with returns a client whose calls are those that c makes with optFns. The
// options are applied once, not for each call.
func (c *Client) with(optFns []func(*Options)) (*Client, error) {
	cfg, err := c.configFor(optFns)
	if err != nil {
		return nil, err
	}
	fixed := *c
	fixed.config = cfg
	if !sameFuncs(cfg.APIOptions, c.config.APIOptions) { // c's pool of stacks does not fit
		fixed.invoke = newOperation(c.invoke.name, c.invoke.steps, cfg.APIOptions)
	}
	return &fixed, nil
}

// failure is the error of one request, classified.
type failure struct {
	class retry.Class
	err   error
	inner bool // err was taken out of its operation error
}

// classify tells whether another request is worthwhile. A Client that was
// limited to one attempt knows: it returns MaxAttemptsError. Whether another
// request is safe follows from the whole of err, since an error inside of it may
// be that of another call.
func (c *mapClient) classify(err error) failure {
	class := retry.Classify(err)
	var last *retry.MaxAttemptsError
	if errtree.As(err, &last) && last.Attempts == 1 {
		class.Retryable = true
		return failure{class: class, err: last.Err, inner: true}
	}
	class.Retryable = class.Retryable && !c.isClient
	return failure{class: class, err: err}
}

// wrap puts what follows from a failure into an operation error again.
func (f failure) wrap(final error) error {
	if f.inner {
		return operationError(operationInvoke, final)
	}
	return final
}
