//go:build unix

package transport

import (
	"errors"
	"syscall"
)

// outOfResources reports whether a dial failed because the process or the machine is out of something that another
// connection's end gives back: file descriptors, ports, buffers.
func outOfResources(err error) bool {
	for _, exhausted := range [...]syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS} {
		if errors.Is(err, exhausted) {
			return true
		}
	}
	return false
}
