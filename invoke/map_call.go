package invoke

import (
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// job is one item on its way through a Map.
type job[In, Out any] struct {
	result   Result[In, Out]
	request  *InvokeInput // made once, for all calls of the item
	finished bool

	// Of the latest launch.
	launch uint64    // its number
	at     time.Time // when it was made
	paced  bool      // the pacer held it back

	// What came of it. A throttled job has no result yet.
	tries     int     // requests of all launches
	doubt     error   // the last of them that may have run the function
	replied   bool    // the service admitted the call
	throttle  error   // the service refused it
	refusal   refusal // and said this
	notBefore time.Time
	panicked  error // the call panicked
	exited    bool  // the call ended its goroutine
}

// work makes calls until there are no more.
func (d *driver[In, Out]) work() {
	for j := range d.jobs {
		d.perform(j)
	}
}

// perform makes one call and hands the job back, whatever happens.
func (d *driver[In, Out]) perform(j *job[In, Out]) {
	j.exited = true
	defer func() {
		if value := recover(); value != nil {
			j.exited, j.panicked = false, &panicError{of: "a call of Map", value: value, stack: debug.Stack()}
			j.result.Err = j.panicked
		}
		if j.exited {
			j.result.Err = errors.New("a call of Map ended its goroutine")
		}
		d.ended <- j
	}()
	d.call(j)
	j.exited = false
}

// call makes the requests of one launch. Throttling it leaves to the driver.
func (d *driver[In, Out]) call(j *job[In, Out]) {
	j.throttle, j.refusal = nil, refusal{}
	if j.request == nil {
		if j.request, j.result.Err = d.fn.request(d.ctx, &j.result.In, ""); j.result.Err != nil {
			return
		}
	}
	var session retry.Session
	for first := true; ; first = false {
		j.tries++
		reply, err := d.caller.invoker.Invoke(d.ctx, j.request, d.caller.optFns...)
		if first { // now the client has told its policy
			session = d.caller.policy().Start(d.caller.quota)
		}
		session.Attempt()
		if err == nil {
			if !first {
				session.Succeeded()
			}
			j.replied, j.request = true, nil
			j.result.Out, j.result.Err = d.fn.result(d.ctx, reply, nil)
			return
		}
		if errors.MayHaveExecuted(err) {
			j.doubt = err
		}
		failed := d.caller.understand(err)
		if failed.class.Throttle && !failed.class.MayHaveExecuted {
			after := min(failed.class.After, d.caller.policy().WithDefaults().MaxDelay)
			j.throttle, j.refusal = failed.err, refusalOf(failed.err, after)
			return
		}
		delay, final := session.Failed(d.ctx, failed.err, failed.class, false)
		if final == nil {
			final = session.Wait(d.ctx, delay, failed.err)
		}
		if final != nil {
			j.fail(failed.wrap(final))
			return
		}
	}
}

// fail makes err the item's result. An item whose last request provably ran
// nothing may still have run in an earlier one.
func (j *job[In, Out]) fail(err error) {
	j.result.Err = retry.WithEarlier(j.doubt, err)
}

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
		fixed.invoke = newOperation(c.invoke.name, c.invoke.path, c.invoke.deserializer, cfg.APIOptions)
	}
	return &fixed, nil
}

// failure is an error of one request, understood.
type failure struct {
	class retry.Class
	err   error
	// inner says that err was taken out of its operation error.
	inner bool
}

// understand classifies an error. A client that was told to make one attempt
// says itself whether another one is safe and worthwhile, and knows better.
func (c *caller) understand(err error) failure {
	class := retry.Classify(err)
	var last *retry.MaxAttemptsError
	if errors.As(err, &last) && last.Attempts == 1 {
		class.Retryable, class.MayHaveExecuted = true, false
		return failure{class: class, err: last.Err, inner: true}
	}
	class.Retryable = class.Retryable && !c.own
	return failure{class: class, err: err}
}

// wrap makes what is returned of the last error.
func (f failure) wrap(final error) error {
	if f.inner {
		return operationError(operationInvoke, final)
	}
	return final
}

// refusal is what is known of why a call was throttled.
type refusal struct {
	rate  bool          // there were too many a second, not too many at a time
	after time.Duration // what the service asks to wait, 0 if it does not
}

func refusalOf(err error, after time.Duration) refusal {
	r := refusal{after: after}
	var throttled *errors.TooManyRequestsException
	var base *errors.LambdaServiceException
	switch {
	case errors.As(err, &throttled):
		switch throttled.Reason {
		case errors.ThrottleInvocationRate, errors.ThrottleReservedInvocationRate, errors.ThrottleCallerRate:
			r.rate = true
		}
	case errors.As(err, &base):
		// Undocumented codes and a bare 429 come from gateways, which count
		// requests by the second.
		_, documented := errors.LookupException(base.Code)
		r.rate = !documented
	}
	return r
}
