package invoketest

import (
	"bytes"
	"context"
	"net"
	"sync"
	"sync/atomic"
)

// journal remembers what arrived: the latest requests, and counts of all.
type journal struct {
	keep          int
	discardBodies bool
	connections   atomic.Int64

	mu     sync.Mutex
	kept   []*Request // a ring once it holds keep; next is then the oldest
	next   int
	runs   map[string]int // by function
	runsOf map[string]int // by invocation ID
	stats  Stats
}

// Stats counts what happened since the server started. The counts are exact,
// whatever [Config.KeepRequests] says.
type Stats struct {
	Requests  int // arrived, refused and broken ones included
	Runs      int // functions started
	Throttled int // refused by the limits of the account, scripted faults not included
}

func (j *journal) configure(cfg Config) {
	j.keep, j.discardBodies = max(cfg.KeepRequests, 0), cfg.DiscardBodies
	j.runs, j.runsOf = make(map[string]int), make(map[string]int)
}

func (j *journal) add(req *Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Requests++
	switch {
	case len(j.kept) < j.keep:
		j.kept = append(j.kept, req)
	case j.keep > 0:
		j.kept[j.next] = req
		j.next = (j.next + 1) % j.keep
	}
}

// setBody and the like change a request that Requests may be copying. The body
// is copied, as the function may do with its own what it likes.
func (j *journal) setBody(req *Request, body []byte) {
	if j.discardBodies || j.keep == 0 {
		return
	}
	body = bytes.Clone(body)
	j.mu.Lock()
	defer j.mu.Unlock()
	req.Body = body
}

func (j *journal) setStatus(req *Request, status int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	req.Status = status
}

func (j *journal) throttled() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Throttled++
}

func (j *journal) ran(req *Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	req.Ran = true
	j.stats.Runs++
	j.runs[req.FunctionName]++
	if req.InvocationID != "" {
		j.runsOf[req.InvocationID]++
	}
}

// Requests returns the requests so far, the oldest first: all of them, or the
// latest [Config.KeepRequests]. Headers and bodies are shared, so leave them as
// they are.
func (s *Server) Requests() []Request {
	j := &s.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Request, len(j.kept))
	for i := range j.kept {
		out[i] = *j.kept[(j.next+i)%len(j.kept)]
	}
	return out
}

// Runs returns how many times a function was started, by its bare name.
func (s *Server) Runs(name string) int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.runs[name]
}

// RunsOf returns how many times a function was started for one call, whose
// invocation ID is the same on each attempt: see [Request.InvocationID].
func (s *Server) RunsOf(invocationID string) int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.runsOf[invocationID]
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.stats
}

type connectionKey struct{}

// numberConnection is an [http.Server.ConnContext].
func (j *journal) numberConnection(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, int(j.connections.Add(1)))
}

func connectionNumber(ctx context.Context) int {
	n, _ := ctx.Value(connectionKey{}).(int)
	return n
}
