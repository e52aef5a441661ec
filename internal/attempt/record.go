package attempt

import (
	stderrors "errors"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Record folds the outcomes of requests. The zero value is of no request. It is for one goroutine.
type Record struct {
	earlier error // of a request before the last one, or nil if none of them may have run the function

	last Outcome // of the last request
	err  error   // what the library made of the last request; nil for a success, and before there is any
}

// errAnswered is the error of a request that was answered with a success, where one is needed.
var errAnswered = stderrors.New("the request was answered")

// Begin begins another request.
func (r *Record) Begin() {
	r.earlier = r.mayHaveRun()
	r.last, r.err = NotSent, nil
}

// Fail ends the request without a reply. err is the error that the caller may get to see.
func (r *Record) Fail(p *Progress, err error) {
	r.last, r.err = NotSent, err
	if p.AllWritten {
		r.last = MayHaveRun
	}
}

// Reply says that the request was answered. Unless Judge follows, nothing is known of what the answer means.
func (r *Record) Reply() { r.last, r.err = Answered, nil }

// Judge says what the library made of the answer: err, or nil for a success.
func (r *Record) Judge(err error) {
	r.err = err
	switch {
	case err == nil:
		r.last = Answered
	case errors.MayHaveExecuted(err):
		r.last = MayHaveRun
	default:
		r.last = Refused
	}
}

// Add folds the requests of another record in, as ones that came after those of r.
func (r *Record) Add(after *Record) {
	switch earlier := r.mayHaveRun(); {
	case earlier != nil:
		r.earlier = earlier
	default:
		r.earlier = after.earlier
	}
	r.last, r.err = after.last, after.err
}

// Outcome returns the worst outcome of all requests.
func (r *Record) Outcome() Outcome {
	if r.earlier != nil {
		return max(r.last, MayHaveRun)
	}
	return r.last
}

// IsOwn reports whether err is about the last request, or wraps what is. Middleware may return the error of a request
// that this record knows nothing of.
func (r *Record) IsOwn(err error) bool { return r.err != nil && stderrors.Is(err, r.err) }

// Own returns what the library made of the last request.
func (r *Record) Own() error { return r.err }

// Explain returns err, with which the requests ended, so that it answers for all of them: in a
// [retry.EarlierAttemptError] where one of them may have run the function and err denies it. A nil err stays nil.
func (r *Record) Explain(err error) error {
	return Explain(r.mayHaveRun(), err)
}

// Explain returns err so that it answers for an earlier request too, whose error is earlier, or nil if it cannot have run
// the function.
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
	case !r.last.mayHaveRun():
		return nil
	case r.err == nil:
		return errAnswered
	}
	return r.err
}
