package fanout

// limiter is an AIMD concurrency limiter: it finds how much of something a
// service admits, and follows it, when all that it is told is "admitted" and
// "refused". It bounds the calls in flight (the scheduler's window) and the
// launches per second (rateLimiter). It knows no clock.
//
// It works as TCP's congestion control does, with refusals in place of losses:
//
//   - Slow start (RFC 5681): the window doubles in every round until the first
//     refusal.
//   - Multiplicative decrease: a refusal sets threshold to what was in use then,
//     and window to 90 % of it. Requests launched before a decrease cause no
//     second one (NewReno, RFC 6582).
//   - Increase to the threshold: the window is back there after one round, and
//     stays, as CUBIC (RFC 9438) stays at its W_max.
//   - Probe: every probeInterval admitted requests, the window exceeds the
//     threshold by 1, and while that is admitted, by steps that double in every
//     round. So a limit that was raised a lot is found in a few rounds.
//
// A refusal costs a request, a loss costs TCP little: hence a plateau whose
// length is counted in requests, so that refusals stay near one in a hundred.
type limiter struct {
	// Set by newLimiter and constant from there on.
	min, max float64 // bounds of window
	// roundLength is the number of admitted requests, for each unit of the
	// threshold, that make a round: after it, the window is known to be admitted.
	roundLength float64
	// firstProbe is the first probeInterval after a slow start. Each one that
	// follows is twice as long, up to maxProbeInterval: what ended a slow start
	// early is often gone in a moment.
	firstProbe float64

	window    float64 // what may be used now
	threshold float64 // the most that is thought to be admitted
	decrease  float64 // threshold less window at the last decrease, regained in one round

	probing       bool
	step          float64 // what the window grows by in this round of the probe
	probeInterval float64 // admitted requests between the last refusal or probe and the next probe
	credit        float64 // admitted requests since then; below 0 while further refusals are paid for

	sinceRefusal float64 // admitted requests since the last refusal
	recover      uint64  // the latest request launched before the last decrease
}

const (
	// maxProbeInterval bounds the share of requests that probes cost: one in so
	// many.
	maxProbeInterval = 100
	// maxProbeCost is how many refusals beyond the first are charged to a probe,
	// each with a probeInterval. Where a round trip is long, more calls may be in
	// flight than run at the service, so that whether one is refused is chance,
	// and a probe ends late, with several refusals, though rarely with more than
	// this. More of them mean that the limit fell, which is not the probe's cost.
	maxProbeCost = 4
	// toleratedInterval is how many admitted requests between two refusals make
	// them rare. Rare ones do not lower the threshold: others that share the
	// limit come and go.
	toleratedInterval = 50
	// probeRounds is the minimum number of rounds between probes, which keeps the
	// decrease after a probe from costing much.
	probeRounds = 4
	// decreaseShare is the share of the threshold that a refusal takes off the
	// window; it takes off at least 1.
	decreaseShare = 0.1
)

// newLimiter returns a limiter in slow start from the window start.
func newLimiter(low, high, start, roundLength, firstProbe float64) limiter {
	l := limiter{min: low, max: high, roundLength: roundLength, firstProbe: firstProbe}
	l.slowStart(start)
	return l
}

// slowStart doubles the window in every round, from the given one.
func (l *limiter) slowStart(window float64) {
	l.window = min(max(window, l.min), l.max)
	l.threshold, l.step = l.window, l.window
	l.probing, l.probeInterval, l.credit = true, l.firstProbe, 0
}

// round returns the number of requests that make a round.
func (l *limiter) round() float64 { return max(1, l.roundLength*l.threshold) }

// admitted counts a request that was admitted. The caller leaves out those that
// were launched while the window was not in use, which prove nothing.
func (l *limiter) admitted() {
	l.credit++
	l.sinceRefusal++
	round := l.round()
	switch {
	case l.probing:
		l.window = min(l.window+l.step/round, l.threshold+l.step, l.max)
		if l.credit >= round {
			l.threshold, l.step, l.credit = l.window, 2*l.step, 0
		}
	case l.window < l.threshold:
		l.window = min(l.window+l.decrease/round, l.threshold)
	case l.credit >= max(l.probeInterval, probeRounds*round):
		l.probing, l.step, l.credit = true, min(1, l.threshold), 0
		l.probeInterval = min(2*l.probeInterval, maxProbeInterval)
		l.window = min(l.threshold+l.step, l.max) // at once, so that a whole round is made with it
	}
}

// refused lowers the window. seq is the number of the request that was refused,
// last that of the latest request, and inUse what of the window was admitted at
// that time.
func (l *limiter) refused(seq, last uint64, inUse float64) {
	rare := !l.probing && l.sinceRefusal >= max(toleratedInterval, 2*l.round())
	l.sinceRefusal, l.credit = 0, min(l.credit, 0)
	switch {
	case inUse <= 0: // nothing is admitted, so the threshold is unknown
		if seq > l.recover {
			l.recover, l.window = last, l.window/2
		}
		l.slowStart(l.window)
		return
	case seq <= l.recover: // the threshold was set too high by one at the last decrease
		l.threshold--
		l.credit -= l.probeInterval
	default:
		l.recover = last
		if !rare {
			l.threshold = min(l.window, inUse)
		}
	}
	l.threshold = max(l.threshold, l.min)
	l.decrease = max(1, l.threshold*decreaseShare)
	l.window = max(l.threshold-l.decrease, l.min)
	l.probing = false
	// With the first refusal, at most one for each unit of the threshold is paid
	// for: so a small limit that was raised is found in as many rounds as one of 1.
	l.credit = max(l.credit, -l.probeInterval*min(maxProbeCost, l.threshold-1))
}

// usage measures how much of the window was in use lately. A window that is not
// in use must not grow (congestion window validation, RFC 7661).
type usage struct {
	peak     int // calls in flight at most in this round
	previous int // in the round before
	calls    int // ended in this round
}

func (u *usage) launched(inFlight int) { u.peak = max(u.peak, inFlight) }

func (u *usage) ended(inFlight, round int) {
	if u.calls++; u.calls >= round {
		u.previous, u.peak, u.calls = u.peak, inFlight, 0
	}
}

// validates reports whether more than half of the window was in use. It does not
// ask for all: a window that doubles in a round is full only at the round's end.
func (u *usage) validates(window int) bool { return 2*max(u.peak, u.previous) > window }
