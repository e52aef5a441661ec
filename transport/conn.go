package transport

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"
)

// conn is one HTTP/1.1 connection to a host or a proxy. The goroutine that makes a request writes it and reads its
// reply: the connection has no goroutine of its own. It carries one request at a time, and is owned by that request's
// exchange, or by the pool while it is idle.
type conn struct {
	pool *pool
	host *host // assigned once, when the pool learns of the connection

	wire   *wire
	stream net.Conn // the wire, or TLS over it
	tls    *tls.ConnectionState
	via    *proxyHead // what requests say to a proxy that takes plain http; nil for none

	abort    func()      // closes the wire; made once, for context.AfterFunc
	tryReply func() bool // reads the beginning of a reply if it is there; made once, for wire.await
	replies  *bufio.Reader
	replyErr error
	fills    int   // reads of the head from the connection so far
	headLeft int64 // bytes that the head of the reply may yet have

	served    bool      // a request was answered on it
	idleSince time.Time // zero if it came from another request, or a dial, directly

	// Guarded by the pool's mutex.
	prev, next *conn // in the list of idle connections
	state      connState
}

// connState is whether a connection is there for requests.
type connState int

const (
	connOpen connState = iota
	connClosing
	connClosed
)

func newConn(p *pool, w *wire, stream net.Conn, via *proxyHead) *conn {
	c := &conn{pool: p, wire: w, stream: stream, via: via}
	if secured, ok := stream.(*tls.Conn); ok {
		state := secured.ConnectionState()
		c.tls = &state
	}
	c.abort = func() { w.Close() }
	c.tryReply = c.readBeginning
	return c
}

// usable reports whether the connection can carry another request: the peer has not closed it, and has sent nothing
// since the last reply. Bytes on a TLS connection may be TLS's own, such as session tickets, which belong to no reply.
func (c *conn) usable() bool {
	if c.tls == nil {
		return c.wire.arrived() == socketQuiet
	}
	if !canPoll && c.wire.raw != nil && c.wire.arrived() != socketQuiet {
		return false // also for a ticket: only reading would tell
	}
	var err error
	if c.wire.look(func() { err = c.readNothing() }) != nil {
		return false
	}
	return err == errAgain
}

// readNothing returns what reading from the stream fails with, or nil if there is something to read.
func (c *conn) readNothing() error {
	var b [1]byte
	_, err := c.stream.Read(b[:])
	return err
}

// fresh reports whether nothing but a dial was done with the connection, just now. The peer has no reason to have closed it.
func (c *conn) fresh() bool { return !c.served && c.idleSince.IsZero() }

// close closes the connection, TLS's way where there is TLS. That may take its time, and the caller does not wait for it
// unless the connection is a plain socket.
func (c *conn) close() {
	c.pool.closing(c)
	finish := func() {
		c.stream.Close()
		c.pool.closed(c)
	}
	if c.tls == nil && c.wire.raw != nil {
		finish()
		return
	}
	go finish()
}

// discard closes the connection at once. Nothing more is written.
func (c *conn) discard() {
	c.pool.closing(c)
	c.wire.Close()
	c.pool.closed(c)
}

// headBuffer is the size, in bytes, of the buffer that replies are read through. What is asked for in larger pieces
// passes it by.
const headBuffer = 4 << 10

// replyReaders are the readers of replies that begin to arrive; a connection that waits has none.
var replyReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, headBuffer) }}

// readBeginning reads the beginning of a reply and reports false if nothing has arrived.
func (c *conn) readBeginning() bool {
	r := replyReaders.Get().(*bufio.Reader)
	r.Reset((*replySource)(c))
	if _, err := r.Peek(1); err != nil {
		r.Reset(nil)
		replyReaders.Put(r)
		if err == errAgain { //nolint:errorlint // our own, and nothing wraps it
			return false
		}
		c.replyErr = err
		return true
	}
	c.replies = r
	return true
}

// awaitReply returns when the first byte of a reply has arrived.
func (c *conn) awaitReply(maxHead int64) error {
	c.headLeft, c.fills, c.replyErr = maxHead, 0, nil
	if err := c.wire.await(c.tryReply); err != nil {
		return err
	}
	return c.replyErr
}

// releaseReader gives the reader of a reply back, and reports whether everything that arrived was read.
func (c *conn) releaseReader() bool {
	r := c.replies
	if r == nil {
		return true
	}
	c.replies = nil
	empty := r.Buffered() == 0
	r.Reset(nil)
	replyReaders.Put(r)
	return empty
}

// replySource is a connection as the source of replies, the heads of which are bounded.
type replySource conn

func (s *replySource) Read(p []byte) (int, error) {
	if s.headLeft <= 0 {
		return 0, errHeadTooLarge
	}
	if int64(len(p)) > s.headLeft {
		p = p[:s.headLeft]
	}
	n, err := s.stream.Read(p)
	s.headLeft -= int64(n)
	s.fills++
	return n, err
}

var _ io.Reader = (*replySource)(nil)
