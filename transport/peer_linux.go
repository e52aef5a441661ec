package transport

import (
	"encoding/binary"
	"syscall"
)

// tcpEstablished is the kernel's TCP_ESTABLISHED.
const tcpEstablished = 1

// peerClosed reports whether the peer has closed or reset the connection. The kernel's state is asked, not the data:
// an unread TLS alert would hide the end that follows it.
func peerClosed(fd uintptr) bool {
	// The state is the first byte of struct tcp_info, of which the kernel writes as much as there is room for.
	info, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_INFO)
	if err != nil {
		return false // not TCP, or not to be known: writing will tell
	}
	var b [4]byte
	binary.NativeEndian.PutUint32(b[:], uint32(info))
	return b[0] != tcpEstablished
}
