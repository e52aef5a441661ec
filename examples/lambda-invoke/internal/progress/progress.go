// Package progress shows how far a job has come: a bar where a person watches,
// and elsewhere a line now and then.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cheggaaa/pb/v3"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/format"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 10 * time.Second
)

// template is the bar's line. Where the length of the input is not known there
// is no bar in it.
const (
	template        = `{{string . "counts"}} {{bar . "[" "=" ">" " " "]"}} {{percent . "%.0f%%"}} {{string . "left"}}`
	templateUnsized = `{{string . "counts"}} {{cycle . "|" "/" "-" "\\"}}`
)

// Progress shows a job until Stop.
type Progress struct {
	w      io.Writer
	counts func() stats.Counts
	size   int64
	begun  time.Time
	first  stats.Counts
	bar    *pb.ProgressBar // nil without a terminal

	mu   sync.Mutex // one writes at a time
	stop chan struct{}
	done chan struct{}
}

// Start begins to show what counts returns. size is how many bytes the input
// has, 0 if that is not known.
func Start(w io.Writer, terminal bool, size int64, counts func() stats.Counts) *Progress {
	p := &Progress{w: w, counts: counts, size: size, begun: time.Now(), first: counts(), stop: make(chan struct{}), done: make(chan struct{})}
	every := lineEvery
	if terminal {
		every = barEvery
		p.bar = pb.New64(size).SetTemplateString(template).SetWriter(w).Set(pb.CleanOnFinish, true).Set(pb.Static, true).Set(pb.Terminal, true).Set(pb.ReturnSymbol, "\r")
		if size == 0 {
			p.bar.SetTemplateString(templateUnsized)
		}
		p.bar.Start()
	}
	go p.run(every)
	return p
}

func (p *Progress) run(every time.Duration) {
	defer close(p.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.mu.Lock()
			p.show()
			p.mu.Unlock()
		case <-p.stop:
			return
		}
	}
}

func (p *Progress) show() {
	c := p.counts()
	if p.bar == nil {
		fmt.Fprintf(p.w, "lambda-invoke: %s%s\n", p.text(c), p.left(c, ", ", " left"))
		return
	}
	p.bar.SetCurrent(c.Bytes)
	p.bar.Set("counts", p.text(c)).Set("left", p.left(c, "", " left"))
	p.bar.Write()
}

// text is the counts in words.
func (p *Progress) text(c stats.Counts) string {
	text := format.Count(c.Done) + " done"
	for _, part := range []struct {
		n    int
		name string
	}{{c.Failed, "failed"}, {c.Unknown, "unknown"}, {c.Throttled, "throttled"}} {
		if part.n > 0 || p.bar == nil {
			text += ", " + format.Count(part.n) + " " + part.name
		}
	}
	rate := float64(c.Items()-p.first.Items()) / max(time.Since(p.begun).Seconds(), 0.001)
	return fmt.Sprintf("%s, %d in flight, %s/s", text, c.InFlight, format.Count(int(rate)))
}

// left estimates the time left by the share of the input that was read.
func (p *Progress) left(c stats.Counts, before, after string) string {
	read := c.Bytes - p.first.Bytes
	if p.size == 0 || read <= 0 || c.Bytes >= p.size {
		return ""
	}
	left := time.Duration(float64(time.Since(p.begun)) * float64(p.size-c.Bytes) / float64(read))
	return before + left.Round(time.Second).String() + after
}

// Say writes a line of its own.
func (p *Progress) Say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		io.WriteString(p.w, "\r\x1b[K")
	}
	fmt.Fprintf(p.w, "lambda-invoke: %s\n", text)
}

// Stop ends it. Nothing is left of a bar.
func (p *Progress) Stop() {
	close(p.stop)
	<-p.done
	if p.bar != nil {
		io.WriteString(p.w, "\r\x1b[K")
	}
}
