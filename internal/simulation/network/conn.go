package network

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// The errors of a connection, as package net has them for a socket.
var (
	errReset  error = &os.SyscallError{Syscall: "read", Err: syscall.ECONNRESET}
	errBroken error = &os.SyscallError{Syscall: "write", Err: syscall.EPIPE}
	errGone   error = &os.SyscallError{Syscall: "read", Err: syscall.ETIMEDOUT}
)

// Conn is one end of a connection. It is safe for concurrent use.
type Conn struct {
	pair          *pair
	peer          *Conn
	local, remote address
	out, in       *stream

	// Guarded by the pair's lock.
	closed        bool
	deaf          bool // what arrives here is answered with a reset, as if the program had closed it
	shut          bool // no more writes
	resetAt       time.Time
	resetErr      error
	told          bool // that it was reset
	readDeadline  time.Time
	writeDeadline time.Time
}

var _ net.Conn = (*Conn)(nil)

// reset makes the connection fail here at a time, unless it does so earlier.
func (c *Conn) reset(at time.Time, err error) {
	if c.resetErr == nil || at.Before(c.resetAt) {
		c.resetAt, c.resetErr = at, err
	}
}

func (c *Conn) wasReset(now time.Time) bool { return c.resetErr != nil && !c.resetAt.After(now) }

// Read waits for bytes, the end of the stream, a failure or the deadline.
func (c *Conn) Read(p []byte) (int, error) {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	for {
		now := time.Now()
		switch {
		case c.closed:
			return 0, c.fail("read", net.ErrClosed)
		case over(c.readDeadline, now):
			return 0, c.fail("read", os.ErrDeadlineExceeded)
		case c.wasReset(now) && !(c.pair.profile.KeepsData && c.in.arrived(now)):
			c.told = true
			return 0, c.fail("read", c.resetErr)
		case len(p) == 0:
			return 0, nil
		case c.in.arrived(now):
			n := c.in.take(p, now, c.pair.profile.Segment)
			c.pair.signal()
			return n, nil
		case c.in.ended(now):
			return 0, io.EOF
		}
		next := earliest(c.readDeadline, c.in.end)
		if c.resetErr != nil {
			next = earliest(next, c.resetAt)
		}
		if len(c.in.queue) > 0 {
			next = earliest(next, c.in.queue[0].at)
		}
		c.pair.wait(next, now)
	}
}

// Write returns when the connection's buffer has taken all of p. That says nothing about its arrival.
func (c *Conn) Write(p []byte) (int, error) {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	written := 0
	for {
		now := time.Now()
		switch {
		case c.closed:
			return written, c.fail("write", net.ErrClosed)
		case over(c.writeDeadline, now):
			return written, c.fail("write", os.ErrDeadlineExceeded)
		case c.wasReset(now) && !c.told:
			c.told = true
			return written, c.fail("write", c.resetErr)
		case c.wasReset(now), c.shut:
			return written, c.fail("write", errBroken)
		case written == len(p):
			return written, nil
		}
		c.pair.dropIdle(now)
		c.pair.active = now
		if room := c.pair.profile.Buffer - c.out.queued; room > 0 {
			n := min(room, len(p)-written)
			c.send(p[written:written+n], now)
			written += n
			c.pair.signal()
			if written == len(p) {
				return written, nil
			}
			continue
		}
		next := c.writeDeadline
		if c.resetErr != nil {
			next = earliest(next, c.resetAt)
		}
		c.pair.wait(next, now)
	}
}

// send puts b under way. The other end may have gone.
func (c *Conn) send(b []byte, now time.Time) {
	if c.peer.deaf {
		c.out.sent += int64(len(b))
		c.reset(now.Add(2*c.pair.profile.Latency), errReset)
		return
	}
	c.out.put(b, now)
}

// Close closes the connection. Where something arrived that nobody read, or arrives from now on, the peer sees a reset in place of the
// end of the stream.
func (c *Conn) Close() error {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	if c.closed {
		return c.fail("close", net.ErrClosed)
	}
	c.closed = true
	now := time.Now()
	latency := c.pair.profile.Latency
	if !c.shut && !c.out.lost {
		c.out.finish(c.out.arrival(0, now))
	}
	if len(c.in.queue) > 0 && !c.in.lost {
		first := c.in.queue[0].at
		if first.Before(now) {
			first = now
		}
		c.peer.reset(first.Add(latency), errReset)
	}
	c.pair.signal()
	if n := c.pair.network; n != nil {
		n.closed(c)
	}
	return nil
}

// CloseWrite ends this end's stream and leaves the other direction as it is.
func (c *Conn) CloseWrite() error {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	if c.closed {
		return c.fail("close", net.ErrClosed)
	}
	if !c.shut {
		c.shut = true
		if !c.out.lost {
			c.out.finish(c.out.arrival(0, time.Now()))
		}
		c.pair.signal()
	}
	return nil
}

// Abort resets the connection, as closing a socket with no linger time does.
func (c *Conn) Abort() {
	c.pair.mu.Lock()
	if !c.closed {
		now := time.Now()
		c.peer.reset(now.Add(c.pair.profile.Latency), errReset)
		c.out.lost, c.in.lost = true, true
	}
	c.pair.mu.Unlock()
	c.Close()
}

// Inject makes b arrive at the other end at once, if that end sent nothing since it had sent a number of bytes. It reports whether it did.
func (c *Conn) Inject(b []byte, sent int64) bool {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	if c.closed || c.peer.closed || c.in.sent != sent || c.out.lost {
		return false
	}
	c.out.queue = append(c.out.queue, segment{time.Now(), append([]byte(nil), b...)})
	c.out.queued += len(b)
	c.pair.signal()
	return true
}

// Received returns how many bytes the other end has sent so far, arrived or not.
func (c *Conn) Received() int64 {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	return c.in.sent
}

// Idle reports whether nothing has arrived that was not read: no byte, no end, no failure. It is what a peek at a socket tells.
func (c *Conn) Idle() bool {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	now := time.Now()
	return !c.closed && !c.in.arrived(now) && !c.in.ended(now) && !c.wasReset(now)
}

// Sent returns how many bytes the dialer and the listener have sent.
func (c *Conn) Sent() (request, reply int64) {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	return c.pair.request.sent, c.pair.reply.sent
}

// Profile returns how the connection behaves.
func (c *Conn) Profile() Profile { return c.pair.profile }

// ID numbers the connections of a network in the order in which they were opened, from 1.
func (c *Conn) ID() int { return c.pair.id }

// LocalAddr returns the address of this end.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr returns the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets the deadline of reads and writes, also of those that wait.
func (c *Conn) SetDeadline(t time.Time) error { return c.setDeadline(t, true, true) }

// SetReadDeadline sets the deadline of reads, also of those that wait.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, true, false) }

// SetWriteDeadline sets the deadline of writes, also of those that wait.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, false, true) }

func (c *Conn) setDeadline(t time.Time, read, write bool) error {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	if c.closed {
		return c.fail("set", net.ErrClosed)
	}
	if read {
		c.readDeadline = t
	}
	if write {
		c.writeDeadline = t
	}
	c.pair.signal()
	return nil
}

func (c *Conn) fail(op string, err error) error {
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = &os.SyscallError{Syscall: op, Err: call.Err}
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

func over(deadline, now time.Time) bool { return !deadline.IsZero() && !deadline.After(now) }

// earliest returns the earlier of two times, of which a zero one is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
