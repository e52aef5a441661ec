package network

import (
	"fmt"
	"time"
)

// Kind is a way in which a connection breaks.
type Kind int

// The kinds of breaks.
const (
	None      Kind = iota
	Close          // both ends see the end of the stream, and a reset if they write on
	Reset          // both ends see a reset
	HalfClose      // the receiver sees the end of the stream; the other direction goes on
	Stall          // what follows arrives later by Fault.For
	Vanish         // nothing arrives any more, in either direction, and both ends are told after Profile.Detect
)

// String returns the kind's name, for traces.
func (k Kind) String() string {
	return [...]string{"none", "close", "reset", "half-close", "stall", "vanish"}[k]
}

// Fault breaks one direction of a connection.
type Fault struct {
	Kind Kind
	At   int64         // how many bytes still arrive
	Lazy bool          // it happens when the byte after them is sent, not as soon as they arrived
	For  time.Duration // of a Stall
}

// String describes the fault, for traces.
func (f Fault) String() string {
	switch {
	case f.Kind == None:
		return "none"
	case f.Lazy:
		return fmt.Sprintf("%v before byte %d", f.Kind, f.At)
	default:
		return fmt.Sprintf("%v after byte %d", f.Kind, f.At)
	}
}

// Idle is how something between the ends drops a connection that is silent.
type Idle struct {
	Kind  Kind          // Reset or Vanish, when the next byte is sent
	After time.Duration // of silence in both directions
}

// Profile is how one connection behaves. The zero value is a perfect one.
type Profile struct {
	Latency   time.Duration // one way
	Bandwidth int           // bytes a second and direction; 0: no limit
	Buffer    int           // bytes of one direction that are under way or unread before a write waits; 0: 64 KiB
	Segment   int           // how many bytes a read returns at most; 0: no limit
	Opaque    bool          // the dialer hides what is more than a net.Conn
	KeepsData bool          // what arrived before a reset can still be read, as on Linux
	Detect    time.Duration // how long after it vanished a peer is found to be gone; 0: 90 s

	Request, Reply Fault // of the direction from the dialer, and to it
	Idle           Idle
}

func (p Profile) withDefaults() Profile {
	if p.Buffer == 0 {
		p.Buffer = 64 << 10
	}
	if p.Detect == 0 {
		p.Detect = 90 * time.Second
	}
	return p
}
