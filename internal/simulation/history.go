package simulation

import (
	"fmt"
	"sync"
	"time"
)

// History is what happened in a run, on both sides.
type History struct {
	Seed  Seed
	began time.Time

	mu       sync.Mutex
	events   []event
	calls    []*outcome
	runs     []*run
	runsOf   map[callID][]*run
	requests map[callID]int // that the service saw the head of
	problems []Problem
}

// Problem is a check that failed.
type Problem struct {
	Check string
	Call  string // empty where it is not about one
	Text  string
}

// String gives it in one line.
func (p Problem) String() string {
	if p.Call == "" {
		return p.Check + ": " + p.Text
	}
	return p.Check + ": " + p.Call + ": " + p.Text
}

// event is one line of the trace. It is formatted only if somebody reads it.
type event struct {
	at     time.Duration
	call   callID // zero: of none, or not known
	conn   int    // 0: of none
	format string
	args   []any
}

// run is one execution of a function.
type run struct {
	id      int
	call    callID
	started time.Duration
	ended   time.Duration
	over    bool
}

// outcome is what a call came to.
type outcome struct {
	id         callID
	what       string // kind of call
	execution  callID // the name of the durable execution; zero for none
	idempotent bool   // the function may run more than once for it
	blind      bool   // middleware of the caller's sends it again whatever happened
	dry        bool
	began      time.Duration
	ended      time.Duration
	limit      time.Duration // when its context ended; 0: never; negative: nothing is said about its end
	err        error
	result     payload // of a success
	hasResult  bool
	requestID  string
	attempts   int
	streamed   bool
}

func newHistory(seed Seed) *History {
	return &History{
		Seed:     seed,
		began:    time.Now(),
		runsOf:   make(map[callID][]*run),
		requests: make(map[callID]int),
	}
}

func (h *History) now() time.Duration { return time.Since(h.began) }

func (h *History) note(call callID, conn int, format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event{h.now(), call, conn, format, args})
}

// request counts a request whose head the service read, and returns its number among the call's, from 1.
func (h *History) request(call callID, conn int, attempt string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests[call]++
	n := h.requests[call]
	h.events = append(h.events, event{h.now(), call, conn, "service: head of request %d (%s)", []any{n, attempt}})
	return n
}

func (h *History) start(call callID, conn int) *run {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &run{id: len(h.runs) + 1, call: call, started: h.now()}
	h.runs = append(h.runs, r)
	h.runsOf[call] = append(h.runsOf[call], r)
	h.events = append(h.events, event{r.started, call, conn, "service: run %d starts", []any{r.id}})
	return r
}

func (h *History) finish(r *run, conn int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.over, r.ended = true, h.now()
	h.events = append(h.events, event{r.ended, r.call, conn, "service: run %d ends", []any{r.id}})
}

func (h *History) isOver(r *run) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return r.over
}

func (h *History) done(o *outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	o.ended = h.now()
	h.calls = append(h.calls, o)
	result := "succeeds"
	if o.err != nil {
		result = "fails: " + o.err.Error()
	}
	h.events = append(h.events, event{o.ended, o.id, 0, "caller: %s %s", []any{o.what, result}})
}

func (h *History) fail(check string, call callID, format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := Problem{Check: check, Text: fmt.Sprintf(format, args...)}
	if call != (callID{}) {
		p.Call = call.String()
	}
	h.problems = append(h.problems, p)
	h.events = append(h.events, event{h.now(), call, 0, "CHECK %s: %s", []any{check, p.Text}})
}

// Problems returns the checks that failed.
func (h *History) Problems() []Problem { return h.problems }

// Calls returns how many calls were made.
func (h *History) Calls() int { return len(h.calls) }

// count returns how many requests of a call the service saw.
func (h *History) count(call callID) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.requests[call]
}

// forget drops the errors, which refer to the clients that they are from.
func (h *History) forget() {
	for _, o := range h.calls {
		o.err = nil
	}
}
