package invoke

import "time"

// pacer spaces launches so that a limit on their rate is kept. It does nothing
// until something was refused for its rate.
type pacer struct {
	governor // in launches a second
	recent   meter
	next     time.Time // before which nothing is launched
}

const (
	slowest = 1   // launch a second, where a service admits nothing
	fastest = 1e6 // launches a second, which is no limit

	// catchUp is how much of a delay, of timers or of the loop's body, is made
	// up for afterwards.
	catchUp = 10 * time.Millisecond
)

func newPacer() pacer {
	// No probe comes sooner than others: a rate does not change from one moment
	// to the next, and where it was guessed, a probe costs several refusals.
	return pacer{governor: newGovernor(slowest, fastest, fastest, 0.25, probeAfter)}
}

func (p *pacer) interval() time.Duration {
	if p.allowed >= fastest {
		return 0
	}
	return time.Duration(float64(time.Second) / p.allowed)
}

// wait is how long to wait before the next launch.
func (p *pacer) wait(now time.Time) time.Duration { return max(0, p.next.Sub(now)) }

// launched counts a launch, and reports whether it had to wait for the pacer.
func (p *pacer) launched(now time.Time) (paced bool) {
	p.recent.add(now, 1)
	interval := p.interval()
	if interval == 0 {
		return false
	}
	paced = now.Sub(p.next) < max(interval, catchUp)
	if earliest := now.Add(-catchUp); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(interval)
	return paced
}

// admitted says that a launch that had to wait was admitted.
func (p *pacer) admitted() {
	before := p.interval()
	p.governor.admitted()
	p.next = p.next.Add(p.interval() - before)
}

// refused says that a launch was refused for its rate, made at the time given
// and forgotten by the meter already. after is how long the service asked to
// wait.
func (p *pacer) refused(launch, last uint64, now time.Time, after time.Duration) {
	p.governor.refused(launch, last, p.recent.perSecond(now))
	p.next = later(p.next, now.Add(max(after, p.interval())))
}

// barred says that a launch was refused even after the launches were spaced, and
// none admitted. What was admitted before is no rate to come back to, then: the
// service admits nothing for now, and once it does again, growth starts anew.
func (p *pacer) barred(launch, last uint64, now time.Time) {
	p.governor.refused(launch, last, 0)
	p.next = later(p.next, now.Add(p.interval()))
}

// meter knows how many launches of the last second were not refused.
type meter struct {
	slots [slotsPerSecond + 1]struct {
		tick  int64
		count float64
	}
	since time.Time
}

const (
	slotsPerSecond = 10
	slotLength     = time.Second / slotsPerSecond
)

// add counts n launches made at a time not before the last second.
func (m *meter) add(at time.Time, n float64) {
	if m.since.IsZero() {
		m.since = at
	}
	tick := int64(at.Sub(m.since) / slotLength)
	slot := &m.slots[tick%int64(len(m.slots))]
	switch {
	case slot.tick == tick:
	case n < 0: // too long ago to be counted any more
		return
	default:
		slot.tick, slot.count = tick, 0
	}
	slot.count += n
}

func (m *meter) perSecond(now time.Time) float64 {
	age := now.Sub(m.since)
	tick := int64(age / slotLength)
	var sum float64
	for _, slot := range m.slots {
		switch {
		case slot.tick == tick-slotsPerSecond: // the part that is within the second
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
