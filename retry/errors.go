package retry

import (
	"context"
	stderrors "errors"
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// MaxAttemptsError says that a call failed although every attempt its policy
// allows was made. Err is the last attempt's error, which another attempt
// might have got past.
type MaxAttemptsError struct {
	Attempts int // requests made, the first included
	Err      error
}

// Error names the number of attempts and the last error.
func (e *MaxAttemptsError) Error() string {
	return fmt.Sprintf("gave up after %s: %v", attempts(e.Attempts), e.Err)
}

// Unwrap returns the last attempt's error.
func (e *MaxAttemptsError) Unwrap() error { return e.Err }

// ErrQuotaExhausted is the Reason of a [GaveUpError] when the retry quota that the
// calls of a client share was used up.
var ErrQuotaExhausted = stderrors.New("the client's retry quota is exhausted")

// GaveUpError says that a retry which was safe and worth making was not made,
// and why. Err is the last attempt's error.
type GaveUpError struct {
	Attempts int           // requests made, the first included
	Delay    time.Duration // the wait that would have come before the next attempt, 0 where none was decided
	// Reason is [ErrQuotaExhausted]; or context.DeadlineExceeded where the
	// delay reaches beyond the context's deadline (the error then comes back
	// at once, not at the deadline); or the context's error where it ended
	// during the wait.
	Reason error
	Err    error
}

// Error names the number of attempts, the reason and the last error.
func (e *GaveUpError) Error() string {
	why := fmt.Sprint(e.Reason)
	if e.Reason == context.DeadlineExceeded && e.Delay > 0 { //nolint:errorlint // as documented, in nothing
		why = fmt.Sprintf("the retry due in %v would come after the deadline", e.Delay.Round(time.Millisecond))
	}
	return fmt.Sprintf("gave up after %s, %s: %v", attempts(e.Attempts), why, e.Err)
}

// Unwrap returns the last attempt's error and the reason, so that errors.Is
// and errors.As find both.
func (e *GaveUpError) Unwrap() []error { return []error{e.Err, e.Reason} }

// MayHaveExecuted answers for the last attempt: the reason for not retrying
// has no part in whether the function ran.
func (e *GaveUpError) MayHaveExecuted() bool { return errors.MayHaveExecuted(e.Err) }

// EarlierAttemptError says that the last attempt of an idempotent call provably
// ran nothing, but that an attempt before it may have run the function. Err is
// the last attempt's error, maybe in a [*MaxAttemptsError] or [*GaveUpError].
type EarlierAttemptError struct {
	Earlier error // the error of the attempt that may have run the function
	Err     error
}

// Error gives both errors.
func (e *EarlierAttemptError) Error() string {
	return fmt.Sprintf("%v (an earlier attempt may have run the function: %v)", e.Err, e.Earlier)
}

// Unwrap returns the last attempt's error.
func (e *EarlierAttemptError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: it answers for the call, not for its last attempt.
func (e *EarlierAttemptError) MayHaveExecuted() bool { return true }

func attempts(n int) string {
	if n == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", n)
}
