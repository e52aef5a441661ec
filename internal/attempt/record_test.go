package attempt_test

import (
	stderrors "errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// The errors that a request ends with, as the library makes them.
var (
	unsent  = &errors.TransportError{Stage: errors.StageSend, Err: stderrors.New("unsent")}
	lost    = &errors.TransportError{Stage: errors.StageAwait, Err: stderrors.New("lost")}
	refused = &errors.LambdaServiceException{Code: "TooManyRequestsException", StatusCode: 429}
	broken  = &errors.LambdaServiceException{Code: "ServiceException", StatusCode: 500}
)

// request is one request, what becomes of it, and whether the function may have run by it.
type request struct {
	name string
	play func(*attempt.Record)
	ran  bool
	own  error
}

func requests() []request {
	return []request{
		{"not connected", func(r *attempt.Record) { r.Fail(&attempt.Progress{}, unsent) }, false, unsent},
		{"written in part", func(r *attempt.Record) {
			r.Fail(&attempt.Progress{Connected: true, Written: 9}, unsent)
		}, false, unsent},
		{"answered in part before it was written", func(r *attempt.Record) {
			r.Fail(&attempt.Progress{Connected: true, Written: 9, ReplyBegun: true}, unsent)
		}, false, unsent},
		{"lost", func(r *attempt.Record) {
			r.Fail(&attempt.Progress{Connected: true, Written: 9, AllWritten: true}, lost)
		}, true, lost},
		{"refused", func(r *attempt.Record) { r.Reply(); r.Judge(refused) }, false, refused},
		{"failed", func(r *attempt.Record) { r.Reply(); r.Judge(broken) }, true, broken},
		{"answered", func(r *attempt.Record) { r.Reply(); r.Judge(nil) }, true, nil},
		{"answered, and not looked at", func(r *attempt.Record) { r.Reply() }, true, nil},
	}
}

// finals are the errors that a call may end with: those of its last request, and what middleware makes of them.
func finals(last request) map[string]error {
	denies := &errors.CredentialsError{Err: stderrors.New("of another call")}
	all := map[string]error{"one that denies": denies, "one that nothing is known of": stderrors.New("unknown")}
	if last.own != nil {
		all["its own"] = last.own
		all["its own, wrapped"] = fmt.Errorf("around: %w", last.own)
		all["its own at last"] = &retry.MaxAttemptsError{Attempts: 3, Err: last.own}
		all["its own, denied"] = &errors.CredentialsError{Err: last.own}
	}
	return all
}

// verify requires what holds of every record: the error answers for all requests, and for no more than they did.
func verify(t *testing.T, r *attempt.Record, mayHaveRun bool, final error) {
	t.Helper()
	got := r.Explain(final)
	require.ErrorIs(t, got, final)
	require.Equal(t, mayHaveRun || errors.MayHaveExecuted(final), errors.MayHaveExecuted(got), "%v", got)
	if !mayHaveRun || errors.MayHaveExecuted(final) {
		require.Equal(t, final, got, "nothing is put around it without need")
	} else {
		var earlier *retry.EarlierAttemptError
		require.ErrorAs(t, got, &earlier)
		require.NotNil(t, earlier.Earlier)
		require.Equal(t, got, r.Explain(got), "and nothing twice")
	}
	require.NoError(t, r.Explain(nil))
}

func TestARecordAnswersForOneRequest(t *testing.T) {
	for _, a := range requests() {
		for name, final := range finals(a) {
			t.Run(a.name+"/"+name, func(t *testing.T) {
				var r attempt.Record
				r.Begin()
				a.play(&r)
				verify(t, &r, a.ran, final)
				require.Equal(t, a.own, r.Own())
				require.Equal(t, a.own != nil && stderrors.Is(final, a.own), r.IsOwn(final))
			})
		}
	}
	var none attempt.Record
	verify(t, &none, false, refused)
	require.False(t, none.IsOwn(refused))
	verify(t, &none, false, lost)
}

// Middleware sends a second request within an attempt; the retry loop makes a second attempt; both come together.
func TestARecordAnswersForEveryCombinationOfTwoRequests(t *testing.T) {
	for _, a := range requests() {
		for _, b := range requests() {
			// An earlier success or loss is never forgotten; an earlier refusal never counts.
			mayHaveRun := a.ran || b.ran
			for name, final := range finals(b) {
				t.Run(a.name+"/"+b.name+"/"+name, func(t *testing.T) {
					var within attempt.Record
					within.Begin()
					a.play(&within)
					within.Begin()
					b.play(&within)
					verify(t, &within, mayHaveRun, final)

					var call attempt.Record
					for _, one := range []request{a, b} {
						var r attempt.Record
						r.Begin()
						one.play(&r)
						call.Add(&r)
					}
					verify(t, &call, mayHaveRun, final)

					var twice attempt.Record // an attempt with two requests, after one with none
					twice.Add(&attempt.Record{})
					twice.Add(&within)
					verify(t, &twice, mayHaveRun, final)
				})
			}
			t.Run(a.name+"/"+b.name+"/then nothing", func(t *testing.T) {
				var call attempt.Record
				for _, one := range []request{a, b} {
					var r attempt.Record
					r.Begin()
					one.play(&r)
					call.Add(&r)
				}
				call.Add(&attempt.Record{}) // a third attempt sends nothing
				verify(t, &call, mayHaveRun, unsent)
			})
		}
	}
}
