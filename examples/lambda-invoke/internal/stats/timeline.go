package stats

import "time"

// maxPoints is how many points a timeline has at most. When there are more,
// pairs become one, so that it always covers all of the time.
const maxPoints = 240

// Point is what happened in a stretch of time.
type Point struct {
	At          time.Duration // since the start, where the stretch begins
	InFlight    int           // the most calls at a time
	Concurrency int           // the most that were allowed
	Throttled   int           // requests that were refused
	Done        int           // items that were finished
}

type timeline struct {
	start  time.Time
	step   time.Duration
	points []Point
	done   int // items that were finished before
}

func newTimeline(start time.Time) timeline {
	return timeline{start: start, step: 100 * time.Millisecond}
}

// add counts into the stretch that now is in. done is the items in all.
func (t *timeline) add(now time.Time, inFlight, concurrency, throttled, done int) {
	at := int(now.Sub(t.start) / t.step)
	for at >= maxPoints {
		t.halve()
		at /= 2
	}
	for len(t.points) <= at { // where nothing was said, all stayed as it was
		next := Point{At: time.Duration(len(t.points)) * t.step}
		if n := len(t.points); n > 0 && len(t.points) < at {
			next.InFlight, next.Concurrency = t.points[n-1].InFlight, t.points[n-1].Concurrency
		}
		t.points = append(t.points, next)
	}
	p := &t.points[at]
	p.InFlight, p.Concurrency = max(p.InFlight, inFlight), max(p.Concurrency, concurrency)
	p.Throttled += throttled
	p.Done += done - t.done
	t.done = done
}

func (t *timeline) halve() {
	half := t.points[:0]
	for i := 0; i < len(t.points); i += 2 {
		p := t.points[i]
		if i+1 < len(t.points) {
			q := t.points[i+1]
			p.InFlight, p.Concurrency = max(p.InFlight, q.InFlight), max(p.Concurrency, q.Concurrency)
			p.Throttled += q.Throttled
			p.Done += q.Done
		}
		half = append(half, p)
	}
	t.points, t.step = half, t.step*2
}

func (t *timeline) copy() []Point { return append([]Point(nil), t.points...) }
