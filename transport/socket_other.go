//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd && !windows

package transport

// canPoll: a socket can be read without waiting.
const canPoll = false

// probe is not called: socketOf knows no sockets on this system.
func probe(uintptr) socketState { return socketQuiet }

func (w *wire) readNow(p []byte) (int, error) { return w.Conn.Read(p) }
