package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// idleConns remembers the connections of a server that are idle, so that a test can close them.
type idleConns struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
	idle  *sync.Cond
}

func watchIdle(srv *http.Server) *idleConns {
	i := &idleConns{conns: make(map[net.Conn]bool)}
	i.idle = sync.NewCond(&i.mu)
	next := srv.ConnState
	srv.ConnState = func(c net.Conn, state http.ConnState) {
		i.mu.Lock()
		if state == http.StateIdle {
			i.conns[c] = true
			i.idle.Broadcast()
		} else {
			delete(i.conns, c)
		}
		i.mu.Unlock()
		next(c, state)
	}
	return i
}

// closeOne waits for an idle connection and closes it.
func (i *idleConns) closeOne() {
	i.mu.Lock()
	for len(i.conns) == 0 {
		i.idle.Wait()
	}
	for c := range i.conns {
		delete(i.conns, c)
		i.mu.Unlock()
		c.Close()
		return
	}
}

func TestConnectionThatTheServerClosedWhileIdleIsReplaced(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		var mu sync.Mutex
		runs := make(map[string]int)
		srv := newUnstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			mu.Lock()
			runs[string(b)]++
			mu.Unlock()
			_, _ = w.Write(b)
		}))
		idle := watchIdle(srv.Config)
		srv.start(secure)
		client := srv.newClient(t)

		const calls = 500
		for i := range calls {
			body := fmt.Sprint("call ", i)
			_, got, err := post(context.Background(), client, srv.URL, body)
			require.NoError(t, err, "%s", body)
			require.Equal(t, body, got)
			idle.closeOne() // the next request may go out before, while or after the client hears of it
		}
		require.Len(t, runs, calls)
		for body, n := range runs {
			require.Equal(t, 1, n, "%s", body)
		}
	})
}

func TestLargeBodyIsSentOnceOnAReplacedConnection(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		var runs atomic.Int64
		srv := newUnstarted(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			runs.Add(1)
			n, _ := io.Copy(io.Discard, r.Body)
			if n != largeBody {
				panic(http.ErrAbortHandler)
			}
		}))
		idle := watchIdle(srv.Config)
		srv.start(secure)
		client := srv.newClient(t)

		const calls = 20
		for range calls {
			status, _, err := post(context.Background(), client, srv.URL, string(make([]byte, largeBody)))
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, status)
			idle.closeOne()
		}
		require.EqualValues(t, calls, runs.Load())
	})
}

const largeBody = 6 << 20
