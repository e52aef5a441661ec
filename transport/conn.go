package transport

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// errNotIdle is what writing to a connection fails with on which something came, or the end, while it was idle.
var errNotIdle = errors.New("transport: the server closed the idle connection, or sent what nobody had asked for")

// copyBufferSize makes two dozen writes of the largest request body.
const copyBufferSize = 256 << 10

// conn is a TCP connection that counts what it is given to send, and which looks for the peer's goodbye before the
// first write of a request. TLS is above it.
type conn struct {
	net.Conn
	host    *host      // told when the connection closes
	buffers *sync.Pool // of *[]byte, for ReadFrom
	raw     syscall.RawConn
	reader  reader

	written atomic.Int64
	armed   atomic.Bool // the next write is the first of a request
	read    int         // of the reader that waits for the reply to it

	probe func(fd uintptr) // made once, as a func literal in Write would be an allocation for each request
	gone  bool             // the probe's answer; owned by the writer that disarmed

	closed, counted bool // the host's, guarded by its gate
}

func newConn(c net.Conn, h *host, buffers *sync.Pool) *conn {
	w := &conn{Conn: c, host: h, buffers: buffers}
	if sc, ok := c.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			w.raw = raw
			w.probe = func(fd uintptr) { w.gone = peerClosed(fd) }
		}
	}
	return w
}

// BytesWritten is the number of bytes that were given to the operating system to send, or are just being given. Those
// of TLS count, except for its alerts.
func (c *conn) BytesWritten() int64 { return c.written.Load() }

// SyscallConn gives access to the socket's options. It fails where the connection is not a socket.
func (c *conn) SyscallConn() (syscall.RawConn, error) {
	if c.raw == nil {
		return nil, errors.ErrUnsupported
	}
	return c.raw, nil
}

// arm makes the next write look whether the peer is still there, and has sent nothing since that read began to wait.
func (c *conn) arm(read int) {
	c.read = read
	c.armed.Store(true)
}

// Write fails with nothing written if the peer closed the connection before the request began, or sent something. Then
// the request may go to another connection, which it must not once a byte was written.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.checkPeer(); err != nil {
		return 0, err
	}
	if isAlert(p) {
		return c.Conn.Write(p)
	}
	// Counted beforehand, so that a count taken during the write is too high, not too low.
	c.written.Add(int64(len(p)))
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n - len(p)))
	return n, err
}

// ReadFrom is Write for a body that is larger than net/http's buffer: in few system calls, and with a buffer that is
// used again. (TLS cuts records of 16 KiB and does not use it.)
func (c *conn) ReadFrom(r io.Reader) (n int64, err error) {
	buf := c.buffers.Get().(*[]byte)
	defer c.buffers.Put(buf)
	for {
		nr, rerr := r.Read(*buf)
		if nr > 0 {
			nw, werr := c.Write((*buf)[:nr])
			n += int64(nw)
			if werr != nil {
				return n, werr
			}
		}
		if rerr == io.EOF {
			return n, nil
		}
		if rerr != nil {
			return n, rerr
		}
	}
}

func (c *conn) checkPeer() error {
	if !c.armed.Load() || !c.armed.CompareAndSwap(true, false) {
		return nil
	}
	if c.raw != nil {
		if err := c.raw.Control(c.probe); err != nil {
			c.gone = false // writing will tell
		}
	}
	if !c.gone && c.reader.waits(c.read) {
		return nil
	}
	return &net.OpError{Op: "write", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: errNotIdle}
}

const (
	recordAlert       = 21 // the first byte of a TLS record
	recordApplication = 23 // of all that TLS 1.3 encrypts
	sealedAlertSize   = 24 // of a TLS 1.3 record with the two bytes of an alert in it
)

// isAlert reports whether p is an alert of TLS, such as its goodbye when a connection closes. That is no part of a
// request, and must not make one look sent that was about to use the connection.
//
// Nothing but p decides, so that no deadline and no hook of a caller can make more go uncounted. A sealed record of this
// size may hold data too, three bytes at most; but every request begins with more, and once its beginning counts the
// rest changes nothing. Without TLS it begins with a letter. (The goodbye of TLS inside TLS, in the tunnel of a proxy
// reached by https, does count. To count too much is safe.)
func isAlert(p []byte) bool {
	return len(p) > 0 && (p[0] == recordAlert || p[0] == recordApplication && len(p) == sealedAlertSize)
}

// Read waits for what the peer sends next.
func (c *conn) Read(p []byte) (int, error) {
	c.reader.begin()
	defer c.reader.end()
	return c.Conn.Read(p)
}

// Close closes the connection and gives its place to another.
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.reader.close()
	c.host.connClosed(c)
	return err
}

// unwrap finds the conn below TLS, or nil.
func unwrap(c net.Conn) *conn {
	for c != nil {
		switch v := c.(type) {
		case *conn:
			return v
		case interface{ NetConn() net.Conn }:
			c = v.NetConn()
		default:
			return nil
		}
	}
	return nil
}
