package invoketest

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
)

// listener counts connections, and ends those that are to be refused.
type listener struct {
	net.Listener
	closing  context.Context // ends when the server closes
	accepted atomic.Int64

	mu      sync.Mutex
	refusal Hangup
	left    int // to refuse; negative: all
}

// Accept returns the next connection that is not to be refused.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.accepted.Add(1)
		how, refused := l.refuse()
		if !refused {
			return conn, nil
		}
		if how == Stall {
			go how.end(l.closing, conn, false)
		} else {
			how.end(l.closing, conn, false)
		}
	}
}

func (l *listener) refuse() (Hangup, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left > 0 {
		l.left--
		return l.refusal, true
	}
	return l.refusal, l.left < 0
}

// RefuseConnections ends the next n connections as soon as they are accepted,
// before anything is read from them: a negative n means all, 0 none any more.
func (s *Server) RefuseConnections(n int, how Hangup) {
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	s.listener.left, s.listener.refusal = n, how
}

// Connections is how many connections were accepted so far, refused ones
// included.
func (s *Server) Connections() int { return int(s.listener.accepted.Load()) }
