package network

import "time"

// stream is one direction of a connection. Its pair's lock guards it.
type stream struct {
	from, to *Conn
	fault    Fault

	queue  []segment // what is under way or unread, in the order of arrival
	queued int       // bytes in it
	sent   int64     // bytes written so far
	free   time.Time // when the link has sent what it was given
	delay  time.Duration
	lost   bool      // what is written from now on does not arrive
	end    time.Time // when the end of the stream arrives; zero: not yet known
}

type segment struct {
	at    time.Time
	bytes []byte
}

// arrived returns how many segments have arrived.
func (s *stream) arrived(now time.Time) bool {
	return len(s.queue) > 0 && !s.queue[0].at.After(now)
}

// ended reports whether the end of the stream has arrived and all before it was read.
func (s *stream) ended(now time.Time) bool {
	return !s.end.IsZero() && !s.end.After(now) && !s.arrived(now)
}

// take reads what has arrived.
func (s *stream) take(p []byte, now time.Time, limit int) int {
	if limit > 0 && len(p) > limit {
		p = p[:limit]
	}
	n := 0
	for n < len(p) && s.arrived(now) {
		first := &s.queue[0]
		m := copy(p[n:], first.bytes)
		n += m
		if first.bytes = first.bytes[m:]; len(first.bytes) == 0 {
			s.queue = s.queue[1:]
		}
	}
	s.queued -= n
	return n
}

// put sends b, of which the buffer has room for all, and makes happen what the fault says.
func (s *stream) put(b []byte, now time.Time) {
	if s.lost {
		s.sent += int64(len(b))
		return
	}
	before, after := b, []byte(nil)
	if rest := s.fault.At - s.sent; s.fault.Kind != None && rest <= int64(len(b)) {
		before, after = b[:max(rest, 0)], b[max(rest, 0):]
		if len(after) == 0 && s.fault.Lazy {
			s.enqueue(before, now)
			return
		}
		s.enqueue(before, now)
		s.break_(now)
		b = after
	}
	if len(b) == 0 {
		return
	}
	if s.lost {
		s.sent += int64(len(b))
		return
	}
	s.enqueue(b, now)
}

func (s *stream) enqueue(b []byte, now time.Time) {
	if len(b) == 0 {
		return
	}
	at := s.arrival(len(b), now)
	s.sent += int64(len(b))
	s.queue = append(s.queue, segment{at, append([]byte(nil), b...)})
	s.queued += len(b)
	if s.to.closed { // its host answers with a reset
		s.from.reset(at.Add(s.from.pair.profile.Latency), errReset)
	}
}

// arrival returns when n bytes arrive that are sent now, after all that was sent before.
func (s *stream) arrival(n int, now time.Time) time.Time {
	if s.free.Before(now) {
		s.free = now
	}
	if rate := s.from.pair.profile.Bandwidth; rate > 0 {
		s.free = s.free.Add(time.Duration(n) * time.Second / time.Duration(rate))
	}
	return s.free.Add(s.from.pair.profile.Latency + s.delay)
}

// break_ makes the fault happen when what was sent so far arrives.
func (s *stream) break_(now time.Time) {
	fault, p := s.fault, s.from.pair
	s.fault = Fault{}
	at := s.arrival(0, now)
	p.note(s, fault)
	switch fault.Kind {
	case Close:
		s.lost, p.opposite(s).lost = true, true
		s.finish(at)
		p.opposite(s).finish(at.Add(p.profile.Latency))
		s.to.deaf, s.from.deaf = true, true
	case Reset:
		s.lost, p.opposite(s).lost = true, true
		s.to.reset(at, errReset)
		s.from.reset(at.Add(p.profile.Latency), errReset)
	case HalfClose:
		s.lost = true
		s.finish(at)
	case Stall:
		s.delay += fault.For
	case Vanish:
		p.vanish(at)
	}
}

// finish makes the end of the stream arrive at a time, unless it does so earlier.
func (s *stream) finish(at time.Time) {
	if s.end.IsZero() || at.Before(s.end) {
		s.end = at
	}
}
