package transport

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// errNotWanted ends a dial that was put off until its request had another connection or none was wanted any more.
// Nobody sees it: net/http drops the outcome of a dial whose request is served.
var errNotWanted = errors.New("transport: connection no longer wanted")

// gate decides when a connection may be opened. A dial to a host starts only while there are fewer connections to it,
// open ones and dials together, than requests. So there are never more connections than there were requests at one
// time, whatever the order in which dials and requests end.
//
// net/http starts a dial for each request that finds no idle connection, and gives the request the first connection
// that comes free, by its own dial or by another request's end. The gate holds back the dials that this makes needless.
type gate struct {
	patience time.Duration // how long a dial is held back at most; negative: not at all
	traceKey any           // of a context's httptrace.ClientTrace

	mu    sync.Mutex // guards what follows, and all hosts
	hosts map[hostKey]*host
}

// hostKey names the requests that can share connections, as net/http sees it.
type hostKey struct {
	scheme, addr, proxy string
}

// host accounts for the requests and connections of one hostKey.
type host struct {
	gate     *gate
	key      hostKey
	requests int            // begun and not ended
	open     int            // connections, idle and in use
	dials    map[*dial]bool // on their way
	held     []*dial        // not started, the oldest first
}

// dial is an attempt to open a connection, made on behalf of a request.
type dial struct {
	request *request
	cancel  context.CancelFunc
	decided chan struct{} // closed when a held dial is let go or dismissed
	err     error         // set before decided is closed: nil to go on
}

func newGate(patience time.Duration) *gate {
	return &gate{patience: patience, traceKey: keyOfTrace(), hosts: make(map[hostKey]*host)}
}

// begin counts a request in. It must be followed by one end.
func (g *gate) begin(r *request, key hostKey) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[key]
	if h == nil {
		h = &host{gate: g, key: key, dials: make(map[*dial]bool)}
		g.hosts[key] = h
	}
	r.host = h
	h.requests++
	h.letGo()
}

// wait says that the request is about to look for a connection.
func (h *host) wait(r *request) {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	r.waiting = true
}

// served says that the request has its connection, and dismisses the dial that is held for it.
func (h *host) served(r *request) {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	r.waiting = false
	h.dismiss(r)
}

// end counts a request out. Only the first call counts. When it was the last one, dials that are still on their way
// are cancelled: nobody waits for them, and no goroutine shall outlive the calls. (While there are others, the dial of
// a request that was cancelled goes on, or short deadlines would make handshakes start anew for ever.)
func (h *host) end(r *request) {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	if r.ended {
		return
	}
	r.ended, r.waiting = true, false
	h.dismiss(r)
	h.requests--
	if h.requests == 0 {
		for d := range h.dials {
			d.cancel()
		}
	}
	h.forget()
}

// admit returns when the dial may start (finished must follow), or with an error when it shall not.
func (h *host) admit(ctx context.Context, d *dial) error {
	if !h.startOrHold(d) {
		return d.err
	}
	timer := time.NewTimer(h.gate.patience)
	defer timer.Stop()
	var err error
	select {
	case <-d.decided:
		return d.err
	case <-timer.C:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	h.decide(d, err) // unless that has just been done
	return d.err
}

// startOrHold reports whether d is held.
func (h *host) startOrHold(d *dial) bool {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	switch {
	case !d.request.waiting:
		d.err = errNotWanted
		return false
	case h.gate.patience < 0 || h.roomy():
		h.dials[d] = true
		return false
	}
	d.decided = make(chan struct{})
	h.held = append(h.held, d)
	return true
}

// finished ends a dial that was admitted, with its connection or nil. The connection counts until connClosed.
func (h *host) finished(d *dial, c *conn) {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	delete(h.dials, d)
	if c != nil && !c.closed {
		c.counted = true
		h.open++
	}
	h.letGo()
	h.forget()
}

// connClosed takes a connection off the account.
func (h *host) connClosed(c *conn) {
	h.gate.mu.Lock()
	defer h.gate.mu.Unlock()
	c.closed = true
	if !c.counted {
		return
	}
	c.counted = false
	h.open--
	h.letGo()
	h.forget()
}

// The methods below need gate.mu.

func (h *host) roomy() bool { return h.open+len(h.dials) < h.requests }

// letGo starts held dials while there is room.
func (h *host) letGo() {
	for len(h.held) > 0 && h.roomy() {
		h.decide(h.held[0], nil)
	}
}

// dismiss ends the dials that are held for r. There are several if net/http replaced a connection that was dead.
func (h *host) dismiss(r *request) {
	for i := len(h.held) - 1; i >= 0; i-- {
		if d := h.held[i]; d.request == r {
			h.decide(d, errNotWanted)
		}
	}
}

// decide ends the wait of a held dial: with an error, or else by starting it.
func (h *host) decide(d *dial, err error) {
	i := slices.Index(h.held, d)
	if i < 0 {
		return
	}
	h.held = slices.Delete(h.held, i, i+1)
	if err == nil {
		h.dials[d] = true
	}
	d.err = err
	close(d.decided)
}

// forget drops the host when nothing is left of it. An endpoint that is never used again must not cost memory.
func (h *host) forget() {
	if h.requests == 0 && h.open == 0 && len(h.dials) == 0 && h.gate.hosts[h.key] == h {
		delete(h.gate.hosts, h.key)
	}
}
