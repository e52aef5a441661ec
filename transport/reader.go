package transport

import (
	"context"
	"sync"
)

// reader knows whether somebody waits for what the peer sends next. Between two requests net/http does, and once it
// waits, it has taken in everything that came before: its buffers are empty.
//
// net/http offers a connection for the next request a moment before that, and takes what comes, or is left in its
// buffers, for the reply to a request as soon as there is one, sent or not.
type reader struct {
	mu      sync.Mutex
	reads   int // begun
	waiting bool
	closed  bool
	changed chan struct{} // closed when somebody waits, or nothing more will come; nil while nobody wants to know
}

func (r *reader) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	r.waiting = true
	r.tell()
}

func (r *reader) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = false
}

func (r *reader) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.tell()
}

func (r *reader) tell() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// idle returns when somebody waits for the peer, the connection is closed, or ctx has ended. It returns the number of
// the read that waits.
func (r *reader) idle(ctx context.Context) int {
	for {
		read, changed := r.watch()
		if changed == nil {
			return read
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0
		}
	}
}

// watch returns the number of the read that waits, or else what tells of the next.
func (r *reader) watch() (read int, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting || r.closed {
		return r.reads, nil
	}
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return 0, r.changed
}

// waits reports whether the read of that number waits still: nothing came since.
func (r *reader) waits(read int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting && r.reads == read
}
