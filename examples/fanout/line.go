package main

import (
	"fmt"
	"io"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// line is the progress: one line that changes, on a terminal, and else a line
// every second.
type line struct {
	w     io.Writer
	live  bool
	items int // in all
	done  int // before the start
	start time.Time
	shown time.Time
}

func (l *line) begin(done, items int) {
	l.items, l.done, l.start = items, done, time.Now()
	l.shown = l.start
	if done > 0 {
		fmt.Fprintf(l.w, "%d of %d were done before\n", done, items)
	}
}

func (l *line) show(p invoke.MapProgress) {
	every := time.Second
	if l.live {
		every /= 10
	}
	if time.Since(l.shown) < every {
		return
	}
	l.shown = time.Now()
	rate := float64(p.Done) / time.Since(l.start).Seconds()
	left := time.Duration(float64(l.items-l.done-p.Done) / max(rate, 1) * float64(time.Second)).Round(time.Second)
	before, after := "", "\n"
	if l.live {
		before, after = "\r", "\x1b[K"
	}
	fmt.Fprintf(l.w, "%s%d of %d done, %.0f/s, %v left; %d in flight, %d allowed, %d throttled%s",
		before, l.done+p.Done, l.items, rate, left, p.InFlight, p.Concurrency, p.Throttled, after)
}

func (l *line) end(j *journal) {
	done, failed := 0, 0
	for item := range l.items {
		if ok, finished := j.finished[item]; finished {
			done++
			if !ok {
				failed++
			}
		}
	}
	if l.live {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
	fmt.Fprintf(l.w, "%d of %d done, %d of them failed or unknown; see %s\n", done, l.items, failed, j.name)
	switch {
	case j.broken != nil: // close says what to do
	case done < l.items:
		fmt.Fprintln(l.w, "start again to go on")
	default:
		fmt.Fprintln(l.w, "remove it to start over")
	}
}
