package attempt

import (
	stderrors "errors"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Record is what the requests of a call, or of one attempt, may have done. The zero value is about no request. It is for one
// goroutine.
type Record struct {
	earlier error // of a request before the last one that may have run the function; nil for none

	ran bool  // the last request may have run the function
	err error // what the library made of the last request; nil for a success, and before there is any
}

// errAnswered is the error of a request that was answered with a success, where one is needed.
var errAnswered = stderrors.New("the request was answered")

// Begin begins another request.
func (r *Record) Begin() {
	r.earlier = r.mayHaveRun()
	r.ran, r.err = false, nil
}

// Fail ends the request without a reply. err is the error that the caller of the library may see.
func (r *Record) Fail(p *Progress, err error) { r.ran, r.err = p.AllWritten, err }

// Reply says that the request was answered. Until Judge follows, the answer counts as a success.
func (r *Record) Reply() { r.ran, r.err = true, nil }

// Judge says what the library made of the answer: err, or nil for a success.
func (r *Record) Judge(err error) { r.ran, r.err = err == nil || errors.MayHaveExecuted(err), err }

// Add adds the requests of another record, which came after those of r.
func (r *Record) Add(after *Record) {
	switch earlier := r.mayHaveRun(); {
	case earlier != nil:
		r.earlier = earlier
	default:
		r.earlier = after.earlier
	}
	r.ran, r.err = after.ran, after.err
}

// IsOwn reports whether err is or wraps the error of the last request. Middleware may return the error of a request that
// this record knows nothing of.
func (r *Record) IsOwn(err error) bool { return r.err != nil && stderrors.Is(err, r.err) }

// Own returns the error that the library made of the last request.
func (r *Record) Own() error { return r.err }

// Explain returns err, the error of the whole call or attempt, in a [retry.EarlierAttemptError] if one of the requests may
// have run the function and errors.MayHaveExecuted(err) is false. Otherwise it returns err as it is, and nil for nil.
func (r *Record) Explain(err error) error {
	return Explain(r.mayHaveRun(), err)
}

// Explain is [Record.Explain] for one earlier request. earlier is its error, or nil if it cannot have run the function.
func Explain(earlier, err error) error {
	if earlier == nil || err == nil || errors.MayHaveExecuted(err) {
		return err
	}
	return &retry.EarlierAttemptError{Earlier: earlier, Err: err}
}

// mayHaveRun returns the error of a request that may have run the function, or nil if there is none.
func (r *Record) mayHaveRun() error {
	switch {
	case r.earlier != nil:
		return r.earlier
	case !r.ran:
		return nil
	case r.err == nil:
		return errAnswered
	}
	return r.err
}
