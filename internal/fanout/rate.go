package fanout

import "time"

// rateLimiter is a token bucket that spaces launches, with a rate that a limiter
// finds. It delays nothing until something was refused for its rate.
//
// The bucket is kept as a time, which is the virtual scheduling form of the
// generic cell rate algorithm (GCRA, ITU-T I.371): next is when the next token is
// due, and each launch moves it on by an interval. The burst is what catchUp
// allows.
type rateLimiter struct {
	limiter           // its window is in launches per second
	recent  rateMeter // launches that were not refused
	next    time.Time // when the next launch is due
}

const (
	minRate = 1   // launches a second, where the service admits nothing
	maxRate = 1e6 // launches a second, which is no limit

	// catchUp is how much of a delay, of timers or of the loop's body, is made
	// up for afterwards.
	catchUp = 10 * time.Millisecond
	// rateRound is the length of a round in seconds.
	rateRound = 0.25
)

func newRateLimiter() rateLimiter {
	// The first probe comes as late as all others: a rate does not change from one
	// moment to the next, and where it was a guess, a probe costs several refusals.
	return rateLimiter{limiter: newLimiter(minRate, maxRate, maxRate, rateRound, maxProbeInterval)}
}

func (r *rateLimiter) interval() time.Duration {
	if r.window >= maxRate {
		return 0
	}
	return time.Duration(float64(time.Second) / r.window)
}

// wait returns how long it is until the next launch is due.
func (r *rateLimiter) wait(now time.Time) time.Duration { return max(0, r.next.Sub(now)) }

// launched takes a token. It reports whether the launch was made when it was
// due, or soon after: only then was the rate in use.
func (r *rateLimiter) launched(now time.Time) (paced bool) {
	r.recent.add(now, 1)
	interval := r.interval()
	if interval == 0 {
		return false
	}
	paced = now.Sub(r.next) < max(interval, catchUp)
	if earliest := now.Add(-catchUp); r.next.Before(earliest) {
		r.next = earliest
	}
	r.next = r.next.Add(interval)
	return paced
}

// admitted counts a paced launch that was admitted.
func (r *rateLimiter) admitted() {
	before := r.interval()
	r.limiter.admitted()
	r.next = r.next.Add(r.interval() - before)
}

// uncount takes a refused launch, made at the time given, out of the rate that
// was admitted.
func (r *rateLimiter) uncount(launchedAt time.Time) { r.recent.add(launchedAt, -1) }

// refused lowers the rate after a launch that was uncounted. after is how long
// the service asked to wait.
func (r *rateLimiter) refused(seq, last uint64, now time.Time, after time.Duration) {
	r.limiter.refused(seq, last, r.recent.perSecond(now))
	r.next = later(r.next, now.Add(max(after, r.interval())))
}

// blocked lowers the rate after a launch that was refused although launches were
// spaced and nothing was admitted in between. The rate admitted before is not the
// one to return to then: the rate is halved, and slow start follows.
func (r *rateLimiter) blocked(seq, last uint64, now time.Time) {
	r.limiter.refused(seq, last, 0)
	r.next = later(r.next, now.Add(r.interval()))
}

// rateMeter counts launches over a sliding window of one second, in slots.
type rateMeter struct {
	slots [slotsPerSecond + 1]struct {
		tick  int64 // number of the slot since start
		count float64
	}
	start time.Time // of the first launch
}

const (
	slotsPerSecond = 10
	slotLength     = time.Second / slotsPerSecond
)

// add counts n launches made at the time given. Launches that are taken back
// (n < 0) more than a second later are not in the count any more.
func (m *rateMeter) add(at time.Time, n float64) {
	if m.start.IsZero() {
		m.start = at
	}
	tick := int64(at.Sub(m.start) / slotLength)
	slot := &m.slots[tick%int64(len(m.slots))]
	switch {
	case slot.tick == tick:
	case n < 0:
		return
	default:
		slot.tick, slot.count = tick, 0
	}
	slot.count += n
}

// perSecond returns the launches of the last second; of the time since the first
// launch, scaled to a second, where that is shorter.
func (m *rateMeter) perSecond(now time.Time) float64 {
	age := now.Sub(m.start)
	tick := int64(age / slotLength)
	var sum float64
	for _, slot := range m.slots {
		switch {
		case slot.tick == tick-slotsPerSecond: // partly within the second
			sum += slot.count * float64(slotLength-age%slotLength) / float64(slotLength)
		case slot.tick > tick-slotsPerSecond:
			sum += slot.count
		}
	}
	return sum / min(max(age, slotLength), time.Second).Seconds()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
