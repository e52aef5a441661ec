package invoke

import (
	"slices"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// caller is how a Map calls: one request at a time, because a retry of the
// client's own would hide from the Map that the service throttles.
type caller struct {
	invoker Invoker
	optFns  []func(*Options)
	policy  func() retry.Policy // for what is not throttling
	quota   *retry.Quota
	own     bool // the invoker is a Client
}

func newCaller(c Invoker, optFns []func(*Options)) caller {
	// What is around a client hands the options of a call on to it, and so the
	// client's policy is seen on the first call at the latest.
	var seen atomic.Pointer[retry.Policy]
	single := func(o *Options) {
		if seen.Load() == nil {
			policy := o.Retry
			seen.Store(&policy)
		}
		o.Retry.MaxAttempts = 1
	}
	optFns = slices.Concat(optFns, []func(*Options){single})
	policy := func() retry.Policy {
		if seen.Load() == nil { // no client: what the Map's options say
			var opts Options
			for _, fn := range optFns {
				fn(&opts)
			}
		}
		return *seen.Load()
	}
	if client, ok := c.(*Client); ok {
		// A wrong option is left to the calls to report.
		if fixed, err := client.with(optFns); err == nil {
			return caller{invoker: fixed, policy: policy, quota: &client.state.quota, own: true}
		}
	}
	return caller{invoker: c, optFns: optFns, policy: policy, quota: new(retry.Quota)}
}

// with returns a client that makes every call as c would make it with optFns,
// without the cost of working them out for each call.
func (c *Client) with(optFns []func(*Options)) (*Client, error) {
	cfg, err := c.configFor(optFns)
	if err != nil {
		return nil, err
	}
	fixed := *c
	fixed.config = cfg
	if !sameFuncs(cfg.APIOptions, c.config.APIOptions) { // the stacks that c keeps are others
		fixed.invoke = newOperation(c.invoke.name, c.invoke.steps, cfg.APIOptions)
	}
	return &fixed, nil
}

// understand classifies an error. A client that was told to make one attempt
// says itself whether another one is worthwhile, and knows better. Whether it is
// safe, the whole error says: what is inside may be that of another call.
func (c *caller) understand(err error) failure {
	class := retry.Classify(err)
	var last *retry.MaxAttemptsError
	if errors.As(err, &last) && last.Attempts == 1 {
		class.Retryable = true
		return failure{class: class, err: last.Err, inner: true}
	}
	class.Retryable = class.Retryable && !c.own
	return failure{class: class, err: err}
}
