//go:build !linux && !darwin && !windows

package transport

import (
	"syscall"
	"time"
)

// unackedTimeout returns nil: no option of this system is known that bounds how long sent data may stay unacknowledged.
func unackedTimeout(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
