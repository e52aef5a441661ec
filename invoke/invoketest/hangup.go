package invoketest

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
)

// Point is a point in the life of a request, in the order in which they come.
type Point int

// The points at which a connection can break.
const (
	// RequestHeaders: the headers were read, and nothing of the body.
	RequestHeaders Point = iota + 1
	// RequestBody: half of the body was read.
	RequestBody
	// BeforeRun: the request was read whole. The function does not run.
	BeforeRun
	// AfterRun: the function ran, or the event was accepted. Nothing of the
	// reply was sent.
	AfterRun
	// ReplyHeaders: half of the reply's status line and headers were sent.
	ReplyHeaders
	// ReplyBody: the headers and half of the reply's body were sent. That is all
	// of a reply which has no body.
	ReplyBody
	// AfterReply: the reply was sent whole, and did not say that the connection
	// is to be closed. Its next user finds it dead.
	AfterReply
)

// Hangup is a way in which a connection breaks.
type Hangup int

const (
	// Close closes the connection in order. Where the other side sent what was
	// not read, the operating system makes a reset of it.
	Close Hangup = iota
	// Reset closes it with a TCP reset, which throws away what is on the way.
	Reset
	// Stall leaves it open and says nothing more until the server closes.
	Stall
)

// HangUp breaks the connection at a point of the request's way.
func HangUp(at Point, how Hangup) Fault {
	return faultFunc(func(p *plan) { p.point, p.how = at, how })
}

// end breaks conn. With Stall it returns when ctx ends, or also when the other
// side leaves, which shows only to who reads: not where the request is meant to
// be stuck on its way.
func (how Hangup) end(ctx context.Context, conn net.Conn, reading bool) {
	switch how {
	case Reset:
		if tcp := tcpConn(conn); tcp != nil {
			_ = tcp.SetLinger(0)
			_ = tcp.Close() // and not conn, as TLS would say goodbye
		}
	case Stall:
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		defer stop()
		if reading {
			_, _ = io.Copy(io.Discard, conn)
		} else {
			<-ctx.Done()
		}
	}
	_ = conn.Close()
}

func tcpConn(conn net.Conn) *net.TCPConn {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	tcp, _ := conn.(*net.TCPConn)
	return tcp
}

// breaks hangs up if the plan says so at this point.
func (x *exchange) breaks(at Point) bool {
	if x.plan.point != at {
		return false
	}
	x.hangUp(x.plan.how, nil)
	return true
}

// hangUp takes the connection from package http, sends last on it, and breaks
// it. What was written to x.w before is sent first.
func (x *exchange) hangUp(how Hangup, last []byte) {
	control := http.NewResponseController(x.w)
	conn, _, err := control.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the connection is broken already
	}
	_, _ = conn.Write(last)
	readAll := x.plan.point != RequestHeaders && x.plan.point != RequestBody
	how.end(x.s.closing, conn, readAll)
}
