package transport

import (
	"syscall"
	"time"
)

// tcpMaxRT is TCP_MAXRT, which package syscall does not name: seconds of retransmission before giving up.
const tcpMaxRT = 5

// unackedTimeout makes the control function of a dialer that bounds how long sent data may stay unacknowledged.
func unackedTimeout(d time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// Not fatal: without the option the connection still has the probes.
			_ = syscall.SetsockoptInt(syscall.Handle(fd), syscall.IPPROTO_TCP, tcpMaxRT, int(d.Seconds()))
		})
	}
}
