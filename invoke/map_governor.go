package invoke

// governor finds how much of something a service admits, and follows it, when
// all that it is ever told is "admitted" and "refused". What it governs is a
// number of concurrent calls, or of launches a second. It knows no clock.
//
// It grows until it is refused. From what was in use then it knows the limit
// quite well, unless refusals are rare; it retreats a little below it, which
// leaves room to others who share it, comes back within a round, and stays. A
// probe for more costs at least one refused request, so there is one only after
// many admitted ones for each that the last one cost. A probe that is borne is
// followed by ever larger steps: so a limit that was raised a lot is found in a
// few rounds, and one that was lowered in a few refusals.
type governor struct {
	low, high float64
	// round is how many admitted requests, for each unit of the limit, tell
	// that the limit is borne.
	round float64
	// soon is how many admitted requests earn the first probe, where all that
	// is known was learnt since nothing was admitted, or since the start: what
	// was in the way is mostly gone in a moment. Each probe that follows takes
	// twice as many, up to probeAfter.
	soon float64

	allowed float64 // what may be used now
	limit   float64 // the most that is thought to be admitted
	retreat float64 // how far allowed was taken below the limit
	step    float64 // of a probe, by the round
	probing bool
	rest    float64 // requests to be admitted before the next probe
	earned  float64 // requests admitted since the last refusal or probe; below 0 while some are owed
	clean   float64 // requests admitted since the last refusal
	cut     uint64  // the last launch before the last retreat
}

const (
	// probeAfter bounds the share of requests that probes waste: one in so many.
	probeAfter = 100
	// probeCosts is how many refusals that follow the first are paid for like
	// it. Where calls are under way for longer than they run, more may be in
	// flight than are admitted at a time, and whether one is refused is chance.
	// A probe is then refused late and several times, though seldom more often
	// than this. A limit that fell is, and should not be paid for as a probe.
	probeCosts = 4
	// tolerated is how rare refusals are, one in so many requests, that do not
	// lower the limit: others may share it, and come and go.
	tolerated = 50
	// probeRounds keeps the retreat that follows a probe from costing much.
	probeRounds = 4
	// retreatShare of the limit is given up after a refusal, and at least 1.
	retreatShare = 0.1
)

// newGovernor starts with start, in steps that double it.
func newGovernor(low, high, start, round, soon float64) governor {
	g := governor{low: low, high: high, round: round, soon: soon}
	g.restart(start)
	return g
}

// restart grows anew from value, in steps that double it.
func (g *governor) restart(value float64) {
	g.allowed = min(max(value, g.low), g.high)
	g.limit, g.step, g.probing, g.rest, g.earned = g.allowed, g.allowed, true, g.soon, 0
}

// admitted says that a request was admitted, at a time when all that is
// allowed was in use: otherwise it tells nothing.
func (g *governor) admitted() {
	g.earned++
	g.clean++
	perRound := g.perRound()
	switch {
	case g.probing:
		g.allowed = min(g.allowed+g.step/perRound, g.limit+g.step, g.high)
		if g.earned >= perRound {
			g.limit, g.step, g.earned = g.allowed, 2*g.step, 0
		}
	case g.allowed < g.limit:
		g.allowed = min(g.allowed+g.retreat/perRound, g.limit)
	case g.earned >= max(g.rest, probeRounds*perRound):
		g.probing, g.step, g.earned = true, min(1, g.limit), 0
		g.rest = min(2*g.rest, probeAfter)
		g.allowed = min(g.limit+g.step, g.high) // at once, for a whole round to bear it
	}
}

// perRound is how many requests a round has.
func (g *governor) perRound() float64 { return max(1, g.round*g.limit) }

// refused says that a request was refused, while others in the amount of
// inUse seemed to be admitted. launch is the request's number and last that of
// the latest: a request launched before the last retreat does not cause another
// one, but tells that inUse was one too high then.
func (g *governor) refused(launch, last uint64, inUse float64) {
	rare := !g.probing && g.clean >= max(tolerated, 2*g.perRound())
	g.clean, g.earned = 0, min(g.earned, 0)
	switch {
	case inUse <= 0: // nothing is admitted, so nothing is known of the limit
		if launch > g.cut {
			g.cut, g.allowed = last, g.allowed/2
		}
		g.restart(g.allowed)
		return
	case launch <= g.cut:
		g.limit--
		g.earned -= g.rest
	default:
		g.cut = last
		if !rare {
			g.limit = min(g.allowed, inUse)
		}
	}
	g.limit = max(g.limit, g.low)
	g.retreat = max(1, g.limit*retreatShare)
	g.allowed = max(g.limit-g.retreat, g.low)
	g.probing = false
	// With the first one, that is no more than one refusal for each unit of the
	// limit: a small limit that is raised is found in no more rounds than one of 1.
	g.earned = max(g.earned, -g.rest*min(probeCosts, g.limit-1))
}

// usage knows how many calls were in flight of late: a window that is not made
// use of must not grow, because nothing shows that it is borne.
type usage struct {
	peak   int // in this round
	before int // in the round before
	calls  int // ended in this round
}

func (u *usage) launched(inFlight int) { u.peak = max(u.peak, inFlight) }

func (u *usage) ended(inFlight, round int) {
	if u.calls++; u.calls >= round {
		u.before, u.peak, u.calls = u.peak, inFlight, 0
	}
}

// bears reports whether enough of the window was in use. All of it would be too
// much to ask: a window that doubles in a round is filled only by its end.
func (u *usage) bears(window int) bool { return 2*max(u.peak, u.before) > window }
