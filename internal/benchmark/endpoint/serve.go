package endpoint

import (
	"bufio"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"
)

// Config says what an endpoint is like.
type Config struct {
	TLS bool // https instead of http
	// Work is how long the function runs; 0 stands for grace, the least.
	Work time.Duration
	// Varied makes each call take half to one and a half times Work, so that many callers do not fall into step.
	Varied bool
	// Limit is how many calls run at the same time; any more are answered with 429. 0 limits nothing. See
	// [Endpoint.SetLimit].
	Limit int
}

// grace is given to the client to come back from its last write. No service answers faster, and the SDK takes it amiss:
// where the answer overtakes the goroutine that wrote the request, which happens on a busy machine, the SDK closes the
// body under it, and so loses the connection and sometimes the answer. That is no part of a fair comparison.
const grace = 50 * time.Microsecond

// Stats is what an endpoint has seen since the last time it was asked, or its limit set.
type Stats struct {
	Connections int64 // accepted
	Served      int64 // calls answered by the function
	Refused     int64 // calls throttled
	Running     int64 // calls that run now
}

// server is the state that the connections share.
type server struct {
	config      Config
	stream      stream
	limit       atomic.Int64
	running     atomic.Int64
	connections atomic.Int64
	served      atomic.Int64
	refused     atomic.Int64
}

func (s *server) stats() Stats {
	return Stats{
		Connections: s.connections.Swap(0),
		Served:      s.served.Swap(0),
		Refused:     s.refused.Swap(0),
		Running:     s.running.Load(),
	}
}

// serve accepts connections until l is closed.
func (s *server) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.connections.Add(1)
		go s.converse(c)
	}
}

// bufferSize holds any head, and makes few reads of a large body.
const bufferSize = 64 << 10

// converse answers the requests of one connection until it ends.
func (s *server) converse(c net.Conn) {
	defer c.Close()
	in := bufio.NewReaderSize(c, bufferSize)
	var reply []byte
	for {
		r, err := readRequest(in)
		if err != nil {
			return
		}
		if r.stream {
			err = s.stream.writeTo(c)
		} else {
			reply = s.answer(reply[:0], r)
			_, err = c.Write(reply)
		}
		if err != nil {
			return
		}
	}
}

// answer runs the function and appends the reply.
func (s *server) answer(reply []byte, r request) []byte {
	running, limit := s.running.Add(1), s.limit.Load()
	if limit > 0 && running > limit {
		s.running.Add(-1)
		s.refused.Add(1)
		return appendThrottle(reply)
	}
	s.work()
	s.running.Add(-1)
	s.served.Add(1)
	if r.missing {
		return appendMissing(reply)
	}
	return appendEcho(reply, r.size)
}

// work takes the time that the function takes.
func (s *server) work() {
	switch {
	case s.config.Work <= 0:
		pause(grace)
	case s.config.Varied:
		time.Sleep(s.config.Work/2 + rand.N(s.config.Work))
	default:
		time.Sleep(s.config.Work)
	}
}
