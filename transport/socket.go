package transport

import (
	"net"
	"runtime"
	"syscall"
)

// socketOf returns the socket that c is, or nil. A type that wraps one of package net's may do more in Read than the
// socket does, so only those of package net count.
func socketOf(c net.Conn) syscall.RawConn {
	var s syscall.Conn
	switch c := c.(type) {
	case *net.TCPConn:
		s = c
	case *net.UnixConn:
		s = c
	default:
		return nil
	}
	if !canPoll && runtime.GOOS != "windows" {
		return nil
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}
