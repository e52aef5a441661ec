package transport

import (
	"syscall"
	"unsafe"
)

// canPoll: a socket can be read without waiting. Those of package net on Windows cannot: they block outside of
// overlapped operations.
const canPoll = false

// pollFD is WSAPOLLFD.
type pollFD struct {
	socket          uintptr
	events, revents int16
}

// pollIn is POLLIN: normal or priority data, or the end.
const pollIn = 0x0100 | 0x0200

var wsaPoll = syscall.NewLazyDLL("ws2_32.dll").NewProc("WSAPoll")

// probe asks whether anything has arrived, without taking it.
func probe(fd uintptr) socketState {
	p := pollFD{socket: fd, events: pollIn}
	n, _, _ := wsaPoll.Call(uintptr(unsafe.Pointer(&p)), 1, 0)
	switch {
	case int32(n) < 0:
		return socketBroken
	case n > 0:
		return socketReadable
	}
	return socketQuiet
}

func (w *wire) readNow(p []byte) (int, error) { return w.Conn.Read(p) }
