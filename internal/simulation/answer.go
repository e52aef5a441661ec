package simulation

import (
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// answerKind is a way to answer a request.
type answerKind int

const (
	answerResult        answerKind = iota // what the function returned
	answerFunctionError                   // the function failed
	answerException                       // an exception of the service, documented or not
	answerBetween                         // a reply of something that stands between
	answerClose                           // the connection closes without a reply
	answerReset                           // the connection is reset without a reply
	answerSilence                         // no reply for longer than anybody waits
	answerTorn                            // the reply ends before its length
	answerGarbage                         // bytes that are no HTTP reply, or one that must not be believed
)

// String is the kind's name.
func (k answerKind) String() string {
	return [...]string{"the result", "a function error", "an exception", "a reply of something between", "a close", "a reset", "silence", "a torn reply", "garbage"}[k]
}

// answer is how one request is answered.
type answer struct {
	kind     answerKind
	status   int
	code     string
	runs     bool          // the function runs, whatever the reply says
	abandons bool          // the reply does not wait for the function
	takes    time.Duration // how long the function runs
	early    bool          // it comes before the payload was read
	closes   bool          // the connection closes after it
	lists    bool          // and the reply says so
	pause    time.Duration // between the head of the reply and the rest
	chunked  bool
	interim  int // 1xx replies before it
	stray    int // further replies that no request asked for, with the last byte of this one
	late     time.Duration
	variant  int
}

// String describes it, for traces.
func (a answer) String() string {
	s := a.kind.String()
	if a.code != "" {
		s += " " + a.code
	}
	if a.status != 0 {
		s += fmt.Sprintf(" (%d)", a.status)
	}
	if a.runs {
		s += fmt.Sprintf(", function runs %v", a.takes)
	} else {
		s += ", function does not run"
	}
	for _, flag := range []struct {
		set  bool
		text string
	}{
		{a.abandons, "reply does not wait for it"}, {a.early, "early"}, {a.closes, "then closes"}, {a.chunked, "chunked"},
		{a.interim > 0, "1xx first"}, {a.stray > 0, "and a stray reply"}, {a.late > 0, "and a late stray reply"}, {a.pause > 0, "in two parts"},
	} {
		if flag.set {
			s += ", " + flag.text
		}
	}
	return s
}

func throttled() answer {
	return answer{kind: answerException, status: 429, code: "TooManyRequestsException"}
}

// betweenStatuses are those that something between answers with. It says 429 for what it did not let pass, and never after a run.
var betweenStatuses = []int{301, 302, 400, 403, 404, 408, 413, 500, 502, 503, 504}

// drawAnswer draws how to answer the n-th request of a call.
func drawAnswer(seed Seed, chaos float64, call callID, n int) answer {
	d := seed.dice("answer", call.place(n)...)
	a := answer{runs: true, takes: drawWork(d), variant: d.IntN(1 << 16)}
	a.chunked = d.chance(0.2)
	if d.chance(0.1) {
		a.pause = d.between(time.Millisecond, 10*time.Second)
	}
	if !d.chance(chaos) {
		return a
	}
	switch d.IntN(16) {
	case 0:
		a.kind = answerFunctionError
	case 1, 2, 3:
		drawException(d, &a)
	case 4, 5:
		a.kind, a.status = answerBetween, pick(d, betweenStatuses...)
		a.runs, a.abandons = d.chance(0.5), d.chance(0.3)
		if d.chance(0.2) {
			a.status, a.variant = 200, 0 // a captive portal's page
		}
	case 6:
		a.kind, a.runs = answerClose, d.chance(0.5)
	case 7:
		a.kind, a.runs = answerReset, d.chance(0.5)
	case 8:
		a.kind, a.runs = answerSilence, d.chance(0.5)
	case 9:
		a.kind = answerTorn
	case 10:
		a.kind, a.runs = answerGarbage, d.chance(0.5)
	case 11:
		a.interim = 1 + d.IntN(4)
	case 12:
		a.stray = 1
	case 13:
		a.late = d.between(time.Millisecond, time.Minute)
	case 14:
		a.closes = true
	case 15:
		a.lists, a.closes = true, true
	}
	if !a.runs {
		a.early = d.chance(0.3)
	}
	if a.early {
		a.closes = a.closes || d.chance(0.7)
	}
	return a
}

// drawWork draws how long the function runs.
func drawWork(d *dice) time.Duration {
	switch d.IntN(4) {
	case 0:
		return 0
	case 1, 2:
		return d.between(time.Millisecond, time.Second)
	default:
		return d.between(time.Second, 15*time.Minute)
	}
}

// undocumented are codes of the service outside the table. Those of a server error may follow a run.
var undocumented = []struct {
	status int
	code   string
	may    bool
}{
	{403, "AccessDeniedException", false}, {403, "UnrecognizedClientException", false}, {400, "ThrottlingException", false},
	{400, "ValidationException", false}, {500, "InternalFailure", true}, {503, "ServiceUnavailable", true}, {403, "ExpiredTokenException", false},
}

// afterRuns are the documented exceptions that may follow a run. The library's own table is what is tested, and not asked.
var afterRuns = map[string]bool{"ServiceException": true, "EFSIOException": true}

// drawException draws an exception.
func drawException(d *dice, a *answer) {
	a.kind = answerException
	if d.chance(0.3) {
		u := undocumented[d.IntN(len(undocumented))]
		a.status, a.code, a.runs = u.status, u.code, u.may && d.chance(0.5)
		return
	}
	if d.chance(0.3) {
		*a = answer{kind: answerException, status: 429, code: "TooManyRequestsException", variant: a.variant}
		return
	}
	rows := errors.Exceptions()
	x := rows[d.IntN(len(rows))]
	a.status, a.code = x.StatusCode, x.Code
	a.runs = afterRuns[x.Code] && d.chance(0.5)
}
