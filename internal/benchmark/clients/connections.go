package clients

import (
	"context"
	"net"
	"sync"
)

// connections remembers what a transport opened, where the transport itself cannot be asked to close it: the SDK keeps
// its own to itself.
type connections struct {
	mu   sync.Mutex
	open []net.Conn
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

func (c *connections) keep(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.open = append(c.open, conn)
		}
		return conn, err
	}
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.open {
		conn.Close()
	}
	c.open = nil
}
