package transport

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"time"
)

// pool keeps the connections of a client, by destination.
//
// A caller takes the idle connection that was used last. Where there is none, the caller waits, and a dial begins unless
// one is on its way that no other caller waits for. The first connection that is ready serves the caller who has waited
// longest, whether it was dialed or came free. So there are never more connections to a destination than there were
// callers at one time, and callers that start together share their dials. (After Config.DialPatience a caller has a
// connection dialed beyond that.)
type pool struct {
	dial     func(context.Context, *pool, route) (*conn, error)
	patience time.Duration // negative: every caller who waits has a dial begun
	maxConns int           // to one destination, dials included; 0: any number
	maxIdle  int           // in all; negative: none
	idleTime time.Duration // 0: for ever

	mu    sync.Mutex // guards what follows, the hosts, and the pool's fields of idle connections
	hosts map[destination]*host
	idle  idleList
	timer *time.Timer // of the connection that has been idle longest; nil while it is not running
}

// destination names the requests that can share connections.
type destination struct {
	scheme, addr, proxy string
}

// route is a destination with what it takes to dial it.
type route struct {
	destination
	url, proxy *url.URL
}

// host is what the pool has for one destination.
type host struct {
	route    route
	open     int     // connections, idle and in use
	closing  int     // connections that are being closed
	idle     []*conn // the one that was used last at the end
	dials    []*dial // on their way
	waiting  []*waiter
	starving bool // a dial failed for want of resources: no other begins until a connection closes
}

// waiter is a caller without a connection.
type waiter struct {
	ctx     context.Context
	ready   chan delivery // buffers one
	dialing bool          // a dial was begun for this caller, and has not ended
}

type delivery struct {
	conn *conn
	err  error
}

// dial is a connection on its way.
type dial struct {
	cancel context.CancelFunc
}

func newPool(cfg *Config, dial func(context.Context, *pool, route) (*conn, error)) *pool {
	return &pool{
		dial:     dial,
		patience: cfg.DialPatience,
		maxConns: max(cfg.MaxConns, 0),
		maxIdle:  cfg.MaxIdleConns,
		idleTime: max(cfg.IdleConnTimeout, 0),
		hosts:    make(map[destination]*host),
	}
}

// get returns a connection for a request, which is the caller's until put or closed is called.
func (p *pool) get(ctx context.Context, to *route) (*conn, error) {
	for {
		c, err := p.take(ctx, to)
		if err != nil {
			return nil, err
		}
		if c.fresh() || !p.tooOld(c) && c.usable() {
			return c, nil
		}
		c.close()
	}
}

func (p *pool) tooOld(c *conn) bool {
	return p.idleTime > 0 && !c.idleSince.IsZero() && time.Since(c.idleSince) > p.idleTime
}

// take returns an idle connection, or waits for one.
func (p *pool) take(ctx context.Context, to *route) (*conn, error) {
	p.mu.Lock()
	h := p.hosts[to.destination]
	if h == nil {
		h = &host{route: *to}
		p.hosts[to.destination] = h
	}
	if n := len(h.idle); n > 0 {
		c := h.idle[n-1]
		p.unlist(c)
		p.mu.Unlock()
		return c, nil
	}
	w := &waiter{ctx: ctx, ready: make(chan delivery, 1)}
	h.waiting = append(h.waiting, w)
	if p.patience < 0 || h.coming() < len(h.waiting) {
		p.begin(h, w)
	}
	p.mu.Unlock()
	return p.wait(h, w)
}

// wait returns when w has a connection, its dial failed, or its context ended.
func (p *pool) wait(h *host, w *waiter) (*conn, error) {
	var impatient <-chan time.Time
	if p.patience > 0 {
		timer := time.NewTicker(p.patience)
		defer timer.Stop()
		impatient = timer.C
	}
	for {
		select {
		case d := <-w.ready:
			return d.conn, d.err
		case <-w.ctx.Done():
			if c := p.leave(h, w); c != nil {
				p.put(c)
			}
			return nil, context.Cause(w.ctx)
		case <-impatient:
			p.mu.Lock()
			h.starving = false
			if !w.dialing && slices.Contains(h.waiting, w) {
				p.begin(h, w)
			}
			p.mu.Unlock()
		}
	}
}

// leave ends the wait of w, and returns the connection that w was given in the same moment.
func (p *pool) leave(h *host, w *waiter) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(h.waiting, w); i >= 0 {
		h.waiting = slices.Delete(h.waiting, i, i+1)
		p.settle(h)
		return nil
	}
	return (<-w.ready).conn
}

// put takes back a connection that can serve another request.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	c.idleSince = time.Time{}
	evicted := p.give(c.host, c)
	p.settle(c.host)
	p.mu.Unlock()
	if evicted != nil {
		evicted.close()
	}
}

// closing says that a connection is being closed. Until closed follows, it counts like a dial: a place that comes free
// soon.
func (p *pool) closing(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.state == connOpen {
		c.state = connClosing
		c.host.closing++
		c.host.open--
	}
}

// closed says that a connection was closed. It no longer counts.
func (p *pool) closed(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.state == connClosed {
		return
	}
	c.state = connClosed
	c.host.closing--
	c.host.starving = false
	p.settle(c.host)
}

// closeIdle closes the connections that are not in use.
func (p *pool) closeIdle() {
	p.mu.Lock()
	var idle []*conn
	for c := p.idle.oldest(); c != nil; c = p.idle.oldest() {
		p.unlist(c)
		idle = append(idle, c)
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.mu.Unlock()
	for _, c := range idle {
		c.close()
	}
}

// The methods below need p.mu.

// begin begins a dial on behalf of w, and reports false if there may be no other connection.
func (p *pool) begin(h *host, w *waiter) bool {
	if h.starving || p.maxConns > 0 && h.open+h.coming() >= p.maxConns {
		return false
	}
	// The values and hooks of the caller's context hold, but the connection may come to serve another caller.
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	d := &dial{cancel: cancel}
	w.dialing = true
	h.dials = append(h.dials, d)
	go func() {
		defer cancel()
		c, err := p.dial(ctx, p, h.route)
		p.ended(h, d, w, c, err)
	}()
	return true
}

// ended ends a dial that was begun for w.
func (p *pool) ended(h *host, d *dial, w *waiter, c *conn, err error) {
	p.mu.Lock()
	h.dials = slices.DeleteFunc(h.dials, func(other *dial) bool { return other == d })
	w.dialing = false
	var evicted *conn
	switch i := slices.Index(h.waiting, w); {
	case err == nil:
		c.host = h
		h.open++
		evicted = p.give(h, c)
	case i < 0: // w has a connection already, or has left
		h.starving = false
	case outOfResources(err) && (h.inUse() > 0 || len(h.dials) > 0):
		h.starving = true // w waits for one of those
	default:
		h.starving = false
		h.waiting = slices.Delete(h.waiting, i, i+1)
		w.ready <- delivery{err: err}
	}
	p.settle(h)
	p.mu.Unlock()
	if evicted != nil {
		evicted.close()
	}
}

// give hands c to the caller who has waited longest, or keeps it as idle. It returns a connection to close, or nil.
func (p *pool) give(h *host, c *conn) *conn {
	if len(h.waiting) > 0 {
		w := h.waiting[0]
		h.waiting = slices.Delete(h.waiting, 0, 1)
		w.ready <- delivery{conn: c}
		return nil
	}
	if p.maxIdle < 0 {
		return c
	}
	c.idleSince = time.Now()
	c.wire.idle()
	h.idle = append(h.idle, c)
	p.idle.push(c)
	p.arm()
	if p.idle.len <= p.maxIdle {
		return nil
	}
	oldest := p.idle.oldest()
	p.unlist(oldest)
	return oldest
}

// settle restores the invariants of a host: as many dials as waiting callers, within MaxConns, and no dials without
// callers. It removes a host that has no connections, dials and callers.
func (p *pool) settle(h *host) {
	for _, w := range h.waiting {
		if h.coming() >= len(h.waiting) {
			break
		}
		if !w.dialing && !p.begin(h, w) {
			break
		}
	}
	if h.inUse() > 0 || len(h.waiting) > 0 {
		return
	}
	for _, d := range h.dials {
		d.cancel()
	}
	if h.open == 0 && h.coming() == 0 && p.hosts[h.route.destination] == h {
		delete(p.hosts, h.route.destination)
	}
}

// coming is the number of connections that are on their way, or whose place is about to come free.
func (h *host) coming() int { return len(h.dials) + h.closing }

// inUse is the number of connections that requests have.
func (h *host) inUse() int { return h.open - len(h.idle) }

// unlist takes c out of the idle connections.
func (p *pool) unlist(c *conn) {
	p.idle.remove(c)
	i := slices.Index(c.host.idle, c)
	c.host.idle = slices.Delete(c.host.idle, i, i+1)
}

// arm has the connection that has been idle longest closed when its time is over.
func (p *pool) arm() {
	if p.idleTime > 0 && p.timer == nil {
		p.timer = time.AfterFunc(time.Until(p.idle.oldest().idleSince.Add(p.idleTime)), p.expire)
	}
}

func (p *pool) expire() {
	p.mu.Lock()
	p.timer = nil
	var expired []*conn
	for c := p.idle.oldest(); c != nil; c = p.idle.oldest() {
		if time.Since(c.idleSince) < p.idleTime {
			p.arm()
			break
		}
		p.unlist(c)
		expired = append(expired, c)
	}
	p.mu.Unlock()
	for _, c := range expired {
		c.close()
	}
}

// idleList is a list of connections in the order in which they became idle.
type idleList struct {
	first, last *conn
	len         int
}

func (l *idleList) oldest() *conn { return l.first }

func (l *idleList) push(c *conn) {
	c.prev, c.next = l.last, nil
	if l.last != nil {
		l.last.next = c
	} else {
		l.first = c
	}
	l.last = c
	l.len++
}

func (l *idleList) remove(c *conn) {
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		l.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		l.last = c.prev
	}
	c.prev, c.next = nil, nil
	l.len--
}
