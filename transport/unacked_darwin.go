package transport

import (
	"syscall"
	"time"
)

// unackedTimeout makes the control function of a dialer that bounds how long sent data may stay unacknowledged.
func unackedTimeout(d time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// Not fatal: without the option the connection still has the probes.
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_RXT_CONNDROPTIME, int(d.Seconds()))
		})
	}
}
