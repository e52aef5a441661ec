//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package transport

import "syscall"

// peerClosed reports whether the peer has closed or reset the connection, or has sent something that nobody asked for: a
// TLS alert or a 408, which the end follows, or bytes that would pass for the next reply. A connection between two
// requests has nothing else to read.
func peerClosed(fd uintptr) bool {
	var b [1]byte
	n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	switch err {
	case nil:
		return n >= 0
	case syscall.EAGAIN, syscall.EINTR:
		return false
	default:
		return err == syscall.ECONNRESET || err == syscall.ENOTCONN || err == syscall.EPIPE || err == syscall.ETIMEDOUT
	}
}
