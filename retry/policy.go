package retry

import (
	"fmt"
	"time"
)

// Defaults that a zero field of a [Policy] stands for.
const (
	DefaultMaxAttempts       = 3
	DefaultBaseDelay         = 50 * time.Millisecond
	DefaultThrottleBaseDelay = time.Second
	DefaultMaxDelay          = 20 * time.Second
	DefaultQuota             = 500
)

// Policy says how often and how patiently a call is retried. The zero value is
// the default policy: three attempts, and a second one only where the function
// provably did not run. A Policy is a plain value; copies are independent.
type Policy struct {
	// MaxAttempts bounds the requests of one call, the first included.
	// 0 means 3; 1 means that nothing is ever retried. A negative number is
	// refused by invoke.New. A Map calls throttled items again in any case.
	MaxAttempts int

	// BaseDelay is what the delay before the first retry of a transient error
	// is drawn from: a random duration between zero and BaseDelay, doubled for
	// every further retry. 0 means 50 ms.
	BaseDelay time.Duration

	// ThrottleBaseDelay takes BaseDelay's place when the service throttled
	// the call. 0 means 1 s.
	ThrottleBaseDelay time.Duration

	// MaxDelay caps the interval that a delay is drawn from, and a delay that
	// the service asks for with Retry-After. 0 means 20 s.
	MaxDelay time.Duration

	// Idempotent declares that the function may safely run more than once for
	// one call. It allows a retry after errors that leave open whether the
	// function ran: a connection lost while waiting, a 5xx reply, a response
	// cut short. The default, false, never risks a second run.
	//
	// A call with a DurableExecutionName and a DryRun are idempotent by
	// nature and are treated so without it.
	Idempotent bool

	// Retryable says of a failure that is not retried by itself that another
	// attempt is worth it: by an exception's code, by a status, or, of Invoke and
	// of a Map's items, by the *errors.FunctionError of a function that failed. It
	// is asked after [Classify] said no, and cannot make a retry safe: what may
	// have run the function is retried for idempotent calls alone. It has to be
	// safe for concurrent use. nil adds nothing.
	Retryable func(err error) bool

	// Quota is how many tokens the calls of a client have together for retries,
	// so that they stop while the service keeps failing. A retry costs 14, one
	// after throttling 5, and a success gives back what its last retry cost, or
	// 1. 0 means 500; a negative number switches the quota off.
	Quota int
}

// WithDefaults returns p with every zero field replaced by its default.
func (p Policy) WithDefaults() Policy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = DefaultMaxAttempts
	}
	if p.BaseDelay == 0 {
		p.BaseDelay = DefaultBaseDelay
	}
	if p.ThrottleBaseDelay == 0 {
		p.ThrottleBaseDelay = DefaultThrottleBaseDelay
	}
	if p.MaxDelay == 0 {
		p.MaxDelay = DefaultMaxDelay
	}
	if p.Quota == 0 {
		p.Quota = DefaultQuota
	}
	return p
}

// Validate returns an error for a field that makes no sense: a negative number
// of attempts or a negative delay.
func (p Policy) Validate() error {
	if p.MaxAttempts < 0 {
		return fmt.Errorf("retry: MaxAttempts is %d; use 1 to never retry, 0 for the default of %d", p.MaxAttempts, DefaultMaxAttempts)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"BaseDelay", p.BaseDelay},
		{"ThrottleBaseDelay", p.ThrottleBaseDelay},
		{"MaxDelay", p.MaxDelay},
	} {
		if d.value < 0 {
			return fmt.Errorf("retry: %s is %v; a delay cannot be negative", d.name, d.value)
		}
	}
	return nil
}
