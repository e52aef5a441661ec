package retries

import (
	"strconv"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// maxHintStretch is how far beyond the computed delay the service may push a
// retry with x-amz-retry-after.
const maxHintStretch = 5 * time.Second

// schedule draws the delays of one call. Transient errors and throttling have
// bases of their own but share the count of retries, so both sequences advance
// together and the one that fits the error is used.
type schedule struct {
	transient, throttle backoff.ExponentialBackOff
}

func newSchedule(p retry.Policy) *schedule {
	s := new(schedule)
	initBackOff(&s.transient, p.BaseDelay, p.MaxDelay)
	initBackOff(&s.throttle, p.ThrottleBaseDelay, p.MaxDelay)
	return s
}

// initBackOff expresses full jitter, rand(0,1) * min(base * 2^i, limit), in
// the library's terms: it draws from interval * (1 ± RandomizationFactor), so
// half the interval with a factor of one is uniform between zero and the whole.
func initBackOff(b *backoff.ExponentialBackOff, base, limit time.Duration) {
	*b = backoff.ExponentialBackOff{
		InitialInterval:     min(base, limit) / 2,
		MaxInterval:         limit / 2,
		Multiplier:          2,
		RandomizationFactor: 1,
		Stop:                backoff.Stop,
		Clock:               backoff.SystemClock,
	}
	b.Reset()
}

// next returns the delay before the next attempt, given the class of the
// error that calls for it, and the service's hint.
func (s *schedule) next(c retry.Class, hint, limit time.Duration) time.Duration {
	transient, throttle := s.transient.NextBackOff(), s.throttle.NextBackOff()
	delay := transient
	if c.Throttle {
		delay = throttle
	}
	// Retry-After is a minimum, up to the policy's limit. x-amz-retry-after may only
	// lengthen the computed delay, by maxHintStretch at most.
	delay = max(delay, min(c.After, limit))
	if hint > 0 {
		delay = max(delay, min(hint, delay+maxHintStretch))
	}
	return delay
}

// hint returns the delay that the reply in err asks for with X-Amz-Retry-After,
// 0 for none.
func hint(err error) time.Duration {
	var response *smithyhttp.ResponseError
	if !errtree.As(err, &response) || response.Response == nil || response.Response.Response == nil {
		return 0
	}
	ms, err := strconv.ParseInt(response.Response.Header.Get("X-Amz-Retry-After"), 10, 32)
	if err != nil || ms < 0 {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}
