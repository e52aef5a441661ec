package network

import (
	"sync"
	"time"
)

// pair is a connection: two ends and a stream from each to the other.
type pair struct {
	profile Profile
	network *Network
	id      int

	mu             sync.Mutex
	request, reply stream
	active         time.Time     // when a byte was last written
	changed        chan struct{} // closed when something changes that somebody waits for; nil while nobody does
}

func newPair(n *Network, id int, p Profile, local, remote address) (dialer, listener *Conn) {
	p = p.withDefaults()
	shared := &pair{profile: p, network: n, id: id, active: time.Now()}
	dialer = &Conn{pair: shared, local: local, remote: remote, out: &shared.request, in: &shared.reply}
	listener = &Conn{pair: shared, local: remote, remote: local, out: &shared.reply, in: &shared.request}
	shared.request.from, shared.request.to, shared.request.fault = dialer, listener, p.Request
	shared.reply.from, shared.reply.to, shared.reply.fault = listener, dialer, p.Reply
	dialer.peer, listener.peer = listener, dialer
	return dialer, listener
}

func (p *pair) opposite(s *stream) *stream {
	if s == &p.request {
		return &p.reply
	}
	return &p.request
}

// vanish loses all that is written from now on, and what arrives after the given time.
func (p *pair) vanish(at time.Time) {
	p.request.lost, p.reply.lost = true, true
	gone := at.Add(p.profile.Detect)
	p.request.to.reset(gone, errGone)
	p.request.from.reset(gone, errGone)
}

// dropIdle applies the profile's Idle before something is written.
func (p *pair) dropIdle(now time.Time) {
	idle := p.profile.Idle
	if idle.Kind == None || now.Sub(p.active) < idle.After || p.request.lost {
		return
	}
	p.noteIdle(idle)
	if idle.Kind == Vanish {
		p.vanish(now)
		return
	}
	p.request.lost, p.reply.lost = true, true
	at := now.Add(p.profile.Latency)
	p.request.to.reset(at, errReset)
	p.request.from.reset(at, errReset)
}

// signal wakes all who wait. The caller holds the lock.
func (p *pair) signal() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// wait releases the lock until something changes or a time has come, zero for none.
func (p *pair) wait(until, now time.Time) {
	if p.changed == nil {
		p.changed = make(chan struct{})
	}
	changed := p.changed
	p.mu.Unlock()
	defer p.mu.Lock()
	if until.IsZero() {
		<-changed
		return
	}
	timer := time.NewTimer(until.Sub(now))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

func (p *pair) note(s *stream, f Fault) {
	if n := p.network; n != nil && n.Observe != nil {
		direction := "request"
		if s == &p.reply {
			direction = "reply"
		}
		n.Observe(p.id, "%s of the %s", f, direction)
	}
}

func (p *pair) noteIdle(idle Idle) {
	if n := p.network; n != nil && n.Observe != nil {
		n.Observe(p.id, "%v after %v of silence", idle.Kind, idle.After)
	}
}
