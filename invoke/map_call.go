package invoke

import (
	"runtime/debug"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/panics"
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
			j.exited, j.panicked = false, &panics.Error{Of: "a call of Map", Value: value, Stack: debug.Stack()}
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
			policy, m := d.caller.policy(), j.request.members()
			policy.Idempotent = policy.Idempotent || m.idempotent()
			session = policy.Start(d.caller.quota)
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
