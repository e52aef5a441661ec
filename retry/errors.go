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
	return "gave up" + attempts(e.Attempts) + because(e.Err)
}

// Unwrap returns the last attempt's error.
func (e *MaxAttemptsError) Unwrap() error { return e.Err }

// MayHaveExecuted answers for the last attempt. It is true where Err is nil,
// because then nothing is known.
func (e *MaxAttemptsError) MayHaveExecuted() bool {
	return e.Err == nil || errors.MayHaveExecuted(e.Err)
}

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
	text := "gave up" + attempts(e.Attempts)
	switch {
	case e.Reason == context.DeadlineExceeded && e.Delay > 0: //nolint:errorlint // as documented, in nothing
		text += fmt.Sprintf(", the retry due in %v would come after the deadline", e.Delay.Round(time.Millisecond))
	case e.Reason != nil:
		text += ", " + e.Reason.Error()
	}
	return text + because(e.Err)
}

// Unwrap returns the last attempt's error and the reason, so that errors.Is
// and errors.As find both. One that is nil is left out.
func (e *GaveUpError) Unwrap() []error {
	var wrapped []error
	for _, err := range [...]error{e.Err, e.Reason} {
		if err != nil {
			wrapped = append(wrapped, err)
		}
	}
	return wrapped
}

// MayHaveExecuted answers for the last attempt: the reason for not retrying
// has no part in whether the function ran. It is true where Err is nil, because
// then nothing is known.
func (e *GaveUpError) MayHaveExecuted() bool { return e.Err == nil || errors.MayHaveExecuted(e.Err) }

// EarlierAttemptError says that the last attempt of an idempotent call provably
// ran nothing, but that an attempt before it may have run the function. Err is
// the last attempt's error, maybe in a [*MaxAttemptsError] or [*GaveUpError].
type EarlierAttemptError struct {
	Earlier error // the error of the attempt that may have run the function
	Err     error
}

// Error gives both errors.
func (e *EarlierAttemptError) Error() string {
	text := "an earlier attempt may have run the function" + because(e.Earlier)
	if e.Err == nil {
		return text
	}
	return e.Err.Error() + " (" + text + ")"
}

// Unwrap returns the last attempt's error.
func (e *EarlierAttemptError) Unwrap() error { return e.Err }

// MayHaveExecuted is true: it answers for the call, not for its last attempt.
func (e *EarlierAttemptError) MayHaveExecuted() bool { return true }

// attempts is " after 3 attempts", or nothing where their number is not known.
func attempts(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " after 1 attempt"
	}
	return fmt.Sprintf(" after %d attempts", n)
}

// because is ": " and the text of err, or nothing where err is nil.
func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}
