//go:build !unix

package transport

import (
	"errors"
	"syscall"
)

// The numbers of Windows sockets' errors, which package syscall does not name.
const (
	wsaEMFILE        = syscall.Errno(10024)
	wsaEADDRNOTAVAIL = syscall.Errno(10049)
	wsaENOBUFS       = syscall.Errno(10055)
)

// outOfResources reports whether a dial failed because the process or the machine is out of something that another
// connection's end gives back: handles, ports, buffers.
func outOfResources(err error) bool {
	for _, exhausted := range [...]syscall.Errno{wsaEMFILE, wsaEADDRNOTAVAIL, wsaENOBUFS} {
		if errors.Is(err, exhausted) {
			return true
		}
	}
	return false
}
