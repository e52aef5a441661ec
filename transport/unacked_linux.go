package transport

import (
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT, which package syscall does not name; it is the same on all architectures.
const tcpUserTimeout = 0x12

// unackedTimeout makes the control function of a dialer that bounds how long sent data may stay unacknowledged.
func unackedTimeout(d time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// Not fatal: a system that lacks the option (a sandbox, say) still connects, and still has the probes.
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(d.Milliseconds()))
		})
	}
}
