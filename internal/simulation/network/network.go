package network

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// address is the address of an end.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

// Network has hosts that accept connections. Make one with [New], inside the bubble whose time it is to have.
type Network struct {
	// Observe is told of what breaks, by connection. It is set before the first connection and must not use the network. nil: nothing.
	Observe func(conn int, format string, args ...any)

	mu      sync.Mutex
	hosts   map[string]func(*Conn)
	dialed  int
	open    map[address]int // connections, by who dialed
	most    map[address]int // at one time
	serving sync.WaitGroup
}

// New returns a network without hosts.
func New() *Network {
	return &Network{hosts: make(map[string]func(*Conn)), open: make(map[address]int), most: make(map[address]int)}
}

// Listen has serve called, in a goroutine of its own, with the host's end of each connection to an address.
func (n *Network) Listen(addr string, serve func(*Conn)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[addr] = serve
}

// Dial opens a connection from one address to another, after a round trip. Where nobody listens it is refused.
func (n *Network) Dial(ctx context.Context, from, addr string, p Profile) (*Conn, error) {
	fail := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: address(addr), Err: err} }
	if err := sleep(ctx, 2*p.Latency); err != nil {
		return nil, fail(err)
	}
	n.mu.Lock()
	serve := n.hosts[addr]
	if serve == nil {
		n.mu.Unlock()
		return nil, fail(&os.SyscallError{Syscall: "connect", Err: syscall.ECONNREFUSED})
	}
	n.dialed++
	id := n.dialed
	dialer, listener := newPair(n, id, p, address(from), address(addr))
	n.open[dialer.local]++
	n.most[dialer.local] = max(n.most[dialer.local], n.open[dialer.local])
	n.mu.Unlock()
	n.serving.Go(func() { serve(listener) })
	return dialer, nil
}

// Open returns how many connections the dialer at an address holds open, and how many at most it ever did.
func (n *Network) Open(from string) (now, most int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open[address(from)], n.most[address(from)]
}

// Wait returns when no host serves a connection any more.
func (n *Network) Wait() { n.serving.Wait() }

func (n *Network) closed(c *Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c.out == &c.pair.request {
		n.open[c.local]--
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return contextError(err)
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return contextError(ctx.Err())
	}
}

// contextError is what package net makes of a context's error.
func contextError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errTimeout{}
	}
	return errCanceled{}
}

type errTimeout struct{}

func (errTimeout) Error() string        { return "i/o timeout" }
func (errTimeout) Timeout() bool        { return true }
func (errTimeout) Temporary() bool      { return true }
func (errTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

type errCanceled struct{}

func (errCanceled) Error() string        { return "operation was canceled" }
func (errCanceled) Is(target error) bool { return target == context.Canceled }
