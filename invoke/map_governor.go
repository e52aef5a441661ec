package invoke

// governor finds how much of something a service admits, and follows it, when
// all that it is ever told is "admitted" and "refused". What it governs is a
// number of concurrent calls, or of launches a second. It knows no clock.
//
// It grows until it is refused. From what was in use then it knows the limit
// quite well; it retreats a little below it, which leaves room to others who
// share it, comes back within a round, and stays. A probe for more costs at
// least one refused request, so there is one only after many admitted ones. A
// probe that is borne is followed by ever larger steps: so a limit that was
// raised a lot is found in a few rounds, and one that was lowered in a few
// refusals.
type governor struct {
	low, high float64
	// round is how many admitted requests, for each unit of the limit, tell
	// that the limit is borne.
	round float64

	allowed float64 // what may be used now
	limit   float64 // the most that is thought to be admitted
	retreat float64 // how far allowed was taken below the limit
	step    float64 // of a probe, by the round
	probing bool
	earned  float64 // requests admitted since the last refusal or probe
	cut     uint64  // the last launch before the last retreat
}

const (
	// probeAfter bounds the share of requests that probes waste: one in so many.
	probeAfter = 100
	// probeRounds keeps the retreat that follows a probe from costing much.
	probeRounds = 4
	// retreatShare of the limit is given up after a refusal, and at least 1.
	retreatShare = 0.1
)

// newGovernor starts with start, in steps that double it.
func newGovernor(low, high, start, round float64) governor {
	g := governor{low: low, high: high, round: round}
	g.restart(start)
	return g
}

// restart grows anew from value, in steps that double it.
func (g *governor) restart(value float64) {
	g.allowed = min(max(value, g.low), g.high)
	g.limit, g.step, g.probing, g.earned = g.allowed, g.allowed, true, 0
}

// admitted says that a request was admitted, at a time when all that is
// allowed was in use: otherwise it tells nothing.
func (g *governor) admitted() {
	g.earned++
	perRound := max(1, g.round*g.limit)
	switch {
	case g.probing:
		g.allowed = min(g.allowed+g.step/perRound, g.limit+g.step, g.high)
		if g.earned >= perRound {
			g.limit, g.step, g.earned = g.allowed, 2*g.step, 0
		}
	case g.allowed < g.limit:
		g.allowed = min(g.allowed+g.retreat/perRound, g.limit)
	case g.earned >= max(probeAfter, probeRounds*perRound):
		g.probing, g.step, g.earned = true, min(1, g.limit), 0
		g.allowed = min(g.limit+g.step, g.high) // at once, for a whole round to bear it
	}
}

// refused says that a request was refused, while others in the amount of
// inUse seemed to be admitted. launch is the request's number and last that of
// the latest: a request launched before the last retreat does not cause another
// one, but tells that inUse was one too high then.
func (g *governor) refused(launch, last uint64, inUse float64) {
	if launch > g.cut {
		g.cut = last
		if inUse <= 0 { // nothing is admitted, so nothing is known of the limit
			g.restart(g.allowed / 2)
			return
		}
		g.limit = min(g.allowed, inUse)
	} else {
		g.limit--
	}
	g.limit = max(g.limit, g.low)
	g.retreat = max(1, g.limit*retreatShare)
	g.allowed = max(g.limit-g.retreat, g.low)
	g.probing, g.earned = false, 0
}
