package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestMaxConnsBoundsTheConnectionsToADestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, func(c *transport.Config) { c.MaxConns = 2 })
		defer s.client.CloseIdleConnections()
		first, second := s.request(t.Context(), one), s.request(t.Context(), one)
		third := s.request(t.Context(), one)
		ctx, cancel := context.WithCancel(t.Context())
		leaves := s.request(ctx, one)
		fourth := s.request(t.Context(), one)
		elsewhere := s.request(t.Context(), two)
		require.Equal(t, 3, s.pending(), "two to the one, one to the other")
		for range 3 {
			s.nextDial().end(nil)
		}
		cancel()
		require.ErrorIs(t, <-leaves, context.Canceled)
		var order []string
		for _, r := range []struct {
			name string
			done <-chan error
		}{{"third", third}, {"fourth", fourth}} {
			go func() {
				require.NoError(t, <-r.done)
				order = append(order, r.name)
			}()
		}
		for range 5 {
			s.nextRequest().end(ok)
		}
		for _, done := range []<-chan error{first, second, elsewhere} {
			require.NoError(t, <-done)
		}
		require.Equal(t, []string{"third", "fourth"}, order)
		require.Zero(t, s.pending())
	})
}

func TestAConnectionThatClosesMakesRoomWithinMaxConns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, func(c *transport.Config) { c.MaxConns = 1 })
		defer s.client.CloseIdleConnections()
		first, second := s.request(t.Context(), one), s.request(t.Context(), one)
		s.nextDial().end(nil)
		require.Zero(t, s.pending())
		s.nextRequest().end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
		require.NoError(t, <-first)
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
	})
}

func TestAnUpgradedConnectionMakesRoomWithinMaxConnsWhenItsBodyIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, func(c *transport.Config) { c.MaxConns = 1 })
		defer s.client.CloseIdleConnections()
		upgraded := make(chan *http.Response, 1)
		go func() {
			resp, err := s.client.Get(one)
			require.NoError(t, err)
			upgraded <- resp
		}()
		s.nextDial().end(nil)
		s.nextRequest().end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		second := s.request(t.Context(), one)
		require.Zero(t, s.pending(), "the caller has the connection")
		require.NoError(t, (<-upgraded).Body.Close())
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
	})
}

func TestACallerWaitsWhereADialFailsForWantOfResources(t *testing.T) {
	for _, exhausted := range []error{syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS} {
		exhausted = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", exhausted)}
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t)
			defer s.client.CloseIdleConnections()
			first := s.request(t.Context(), one)
			s.nextDial().end(nil)
			waits, alsoWaits := s.request(t.Context(), one), s.request(t.Context(), one)
			s.nextDial().end(exhausted)
			s.nextDial().end(exhausted)
			require.Zero(t, s.pending(), "no other dial begins at once")
			s.nextRequest().end(ok)
			require.NoError(t, <-first)
			s.nextRequest().end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
			require.NoError(t, <-waits)
			s.nextDial().end(exhausted) // there is room, but nothing else is in use
			require.ErrorIs(t, <-alsoWaits, errors.Unwrap(errors.Unwrap(exhausted)))

			last := s.request(t.Context(), one)
			s.nextDial().end(nil)
			s.nextRequest().end(ok)
			require.NoError(t, <-last)
		})
	}
}

func TestADialIsTriedAgainWhileACallerWaitsForResources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		silent := s.request(t.Context(), one)
		s.nextDial().end(nil)
		unanswered := s.nextRequest()
		waits := s.request(t.Context(), one)
		s.nextDial().end(syscall.EMFILE)
		<-s.dialBegan() // after DialPatience
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-waits)
		unanswered.end(ok)
		require.NoError(t, <-silent)
	})
}

func TestTheIdleConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, func(c *transport.Config) { c.MaxIdleConns = 2 })
		defer s.client.CloseIdleConnections()
		var done []<-chan error
		for range 4 {
			done = append(done, s.request(t.Context(), one))
			s.nextDial().end(nil)
		}
		for _, d := range done {
			s.nextRequest().end(ok)
			require.NoError(t, <-d)
		}
		again := []<-chan error{s.request(t.Context(), one), s.request(t.Context(), one), s.request(t.Context(), one)}
		require.Equal(t, 1, s.pending(), "two of the four were kept")
		s.nextDial().end(nil)
		for _, d := range again {
			s.nextRequest().end(ok)
			require.NoError(t, <-d)
		}
	})
}

func TestIdleConnectionsAreClosedWhenTheirTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		closed := make(chan struct{})
		s.wrap = func(c net.Conn) net.Conn { return noticing{c, closed} }
		first := s.request(t.Context(), one)
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-first)
		<-closed // in virtual time
		second := s.request(t.Context(), one)
		s.wrap = nil
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
	})
}

// noticing says when it is closed.
type noticing struct {
	net.Conn
	closed chan struct{}
}

func (c noticing) Close() error {
	close(c.closed)
	return c.Conn.Close()
}

func TestCallersHoldOneGoroutineEachAndIdleConnectionsNone(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		const callers = 50
		release := make(chan struct{})
		arrived := make(chan struct{}, callers)
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			arrived <- struct{}{}
			<-release
		}))
		client := srv.newClient(t)
		done := make(chan error, callers)
		for range callers {
			go func() {
				_, _, err := post(context.Background(), client, srv.URL, "x")
				done <- err
			}()
		}
		for range callers {
			<-arrived
		}
		eventually(t, func() bool { return countGoroutines("lambda-invoke-go/transport.") == callers })
		close(release)
		for range callers {
			require.NoError(t, <-done)
		}
		require.EqualValues(t, callers, srv.conns.Load())
		eventually(t, func() bool { return countGoroutines("lambda-invoke-go/transport.") == 0 })
	})
}
