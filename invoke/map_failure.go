package invoke

import (
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// failure is an error of one request, understood.
type failure struct {
	class retry.Class
	err   error
	// inner says that err was taken out of its operation error.
	inner bool
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
