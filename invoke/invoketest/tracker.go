package invoketest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
)

// tracker knows what is running, by name.
type tracker struct {
	mu      sync.Mutex
	running map[string]int
	total   int
	peak    int
	idle    chan struct{} // closed when total becomes 0; nil if nobody waits
}

// begin counts one of that name as running until the returned function is called.
func (t *tracker) begin(name string) (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running == nil {
		t.running = make(map[string]int)
	}
	t.running[name]++
	t.total++
	t.peak = max(t.peak, t.total)
	return func() { t.end(name) }
}

func (t *tracker) end(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running[name]--; t.running[name] == 0 {
		delete(t.running, name)
	}
	if t.total--; t.total == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// wait returns nil once nothing runs, or else the error of ctx.
func (t *tracker) wait(ctx context.Context) error {
	if ctx == nil {
		return errors.New("invoketest: the context is nil; pass context.Background() where there is no other")
	}
	t.mu.Lock()
	if t.total == 0 {
		t.mu.Unlock()
		return nil
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// names returns what is running, nil if nothing is.
func (t *tracker) names() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.running))
}

// Running returns how many functions are running now, and the most that ever
// were at a time.
func (s *Server) Running() (now, peak int) {
	s.running.mu.Lock()
	defer s.running.mu.Unlock()
	return s.running.total, s.running.peak
}
