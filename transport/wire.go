package transport

import (
	"errors"
	"net"
	"sync/atomic"
	"syscall"
)

// wire is the connection below TLS. It counts what is written, and can be asked for what has arrived without waiting.
//
// One goroutine at a time reads, and one writes. Close may be called at any time.
type wire struct {
	net.Conn
	written atomic.Int64

	raw   syscall.RawConn // of a plain socket; nil for any other connection
	idler idler           // the connection, where it can be asked; nil otherwise, and for a plain socket
	probe func(fd uintptr)
	state socketState // the probe's answer

	polling bool                  // Read returns errAgain instead of waiting
	fd      uintptr               // of raw, while polling
	onReady func(fd uintptr) bool // polls with ready; made once, as a func literal in await would be an allocation
	ready   func() bool
	early   *earlyRead // begun while the connection was idle; only without raw and idler
}

// idler is a connection that is no plain socket and tells what [Config].DialContext asks of it.
type idler interface{ Idle() bool }

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c}
	if w.raw = socketOf(c); w.raw != nil {
		w.probe = func(fd uintptr) { w.state = probe(fd) }
		w.onReady = func(fd uintptr) bool { return w.poll(fd, w.ready) }
	} else {
		w.idler, _ = c.(idler)
	}
	return w
}

// BytesWritten is the number of bytes that were handed to the connection below, or are just being handed. It never runs
// behind, and is safe for concurrent use.
func (w *wire) BytesWritten() int64 { return w.written.Load() }

// SyscallConn gives access to the socket's options. It fails where the connection is not a plain socket.
func (w *wire) SyscallConn() (syscall.RawConn, error) {
	if w.raw == nil {
		return nil, errors.ErrUnsupported
	}
	return w.raw, nil
}

func (w *wire) Write(p []byte) (int, error) {
	w.written.Add(int64(len(p)))
	n, err := w.Conn.Write(p)
	w.written.Add(int64(n - len(p)))
	return n, err
}

func (w *wire) Read(p []byte) (int, error) {
	switch {
	case w.early != nil:
		return w.takeEarly(p)
	case w.polling && w.raw != nil && canPoll:
		return w.readNow(p)
	case w.polling && (w.idler == nil || w.idler.Idle()):
		return 0, errAgain
	}
	return w.Conn.Read(p)
}

// await calls f until it reports true, each time when more has arrived. While f runs, Read does not wait. A connection
// that cannot be asked lets Read wait instead, and calls f once.
//
// So a caller waits for the reply in a shallow stack, and holds no buffer meanwhile.
func (w *wire) await(f func() bool) error {
	if w.raw == nil || !canPoll {
		f()
		return nil
	}
	w.ready = f
	return w.raw.Read(w.onReady)
}

func (w *wire) poll(fd uintptr, f func() bool) bool {
	w.polling, w.fd = true, fd
	defer func() { w.polling = false }()
	return f()
}

// socketState is what is known of an idle connection without reading from it.
type socketState int

const (
	socketQuiet    socketState = iota // nothing has arrived
	socketReadable                    // bytes, or the end
	socketBroken
)

// idle prepares the connection for a time in which nothing is expected from it.
func (w *wire) idle() {
	if w.raw == nil && w.idler == nil && w.early == nil {
		w.early = readEarly(w.Conn)
	}
}

// arrived reports what arrived while the connection was idle.
func (w *wire) arrived() socketState {
	switch {
	case w.raw != nil:
		w.state = socketBroken
		if err := w.raw.Control(w.probe); err != nil {
			return socketBroken
		}
		return w.state
	case w.idler != nil && !w.idler.Idle(), w.early != nil && w.early.done():
		return socketReadable
	}
	return socketQuiet
}

// look calls f, in which Read returns what has arrived and does not wait. Where that cannot be told, Read returns
// errAgain.
func (w *wire) look(f func()) error {
	once := func() bool { f(); return true }
	if w.raw == nil || !canPoll {
		w.poll(0, once)
		return nil
	}
	return w.raw.Read(func(fd uintptr) bool { return w.poll(fd, once) })
}

// errAgain is what Read returns instead of waiting. It is temporary, so that package tls goes on after it.
var errAgain error = againError{}

type againError struct{}

func (againError) Error() string   { return "transport: nothing has arrived yet" }
func (againError) Timeout() bool   { return true }
func (againError) Temporary() bool { return true }

// earlyRead is a read of one byte that began while a connection was idle. It is how the end of a connection is noticed
// that is no socket, or which is wrapped in something of the caller's. Such a connection holds a goroutine while idle.
type earlyRead struct {
	ended chan struct{} // closed when the fields below are set
	b     [1]byte
	n     int
	err   error
}

func readEarly(c net.Conn) *earlyRead {
	e := &earlyRead{ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		e.n, e.err = c.Read(e.b[:])
	}()
	return e
}

func (e *earlyRead) done() bool {
	select {
	case <-e.ended:
		return true
	default:
		return false
	}
}

func (w *wire) takeEarly(p []byte) (int, error) {
	e := w.early
	if w.polling && !e.done() {
		return 0, errAgain
	}
	<-e.ended
	w.early = nil
	return copy(p, e.b[:e.n]), e.err
}
