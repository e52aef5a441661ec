//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package transport

import (
	"io"
	"net"
	"os"
	"syscall"
)

// canPoll: a socket can be read without waiting.
const canPoll = true

// probe looks at what has arrived without taking it.
func probe(fd uintptr) socketState {
	var b [1]byte
	for {
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch err {
		case nil: // bytes, or none for the end
			return socketReadable
		case syscall.EINTR:
		case syscall.EAGAIN:
			return socketQuiet
		default:
			return socketBroken
		}
	}
}

// readNow reads what has arrived. Go's sockets do not block.
func (w *wire) readNow(p []byte) (int, error) {
	for {
		n, err := syscall.Read(int(w.fd), p)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return 0, errAgain
		case err != nil:
			return 0, &net.OpError{
				Op: "read", Net: w.LocalAddr().Network(), Source: w.LocalAddr(), Addr: w.RemoteAddr(),
				Err: os.NewSyscallError("read", err),
			}
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}
