package attempt

// Outcome is what became of one request, as far as the function is concerned. Each is worse than the one before it, from
// the point of view of someone who wants to send the request again.
type Outcome int

const (
	// NotSent: the request was not written whole, so the service cannot have acted on it.
	NotSent Outcome = iota
	// Refused: the service answered, and its answer says that the function did not run.
	Refused
	// MayHaveRun: the request was written whole, and no answer says what became of it.
	MayHaveRun
	// Answered: the service answered with a success.
	Answered
)

// String returns the outcome in words.
func (o Outcome) String() string {
	switch o {
	case NotSent:
		return "not sent"
	case Refused:
		return "refused"
	case MayHaveRun:
		return "may have run"
	}
	return "answered"
}

// mayHaveRun reports whether the function may have run, or has.
func (o Outcome) mayHaveRun() bool { return o >= MayHaveRun }
