package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// stage is a client whose dials and whose server do what the test says, when it says so. It is for synctest bubbles.
type stage struct {
	t      *testing.T
	client *http.Client
	dials  chan *scriptedDial    // begun, in order
	served chan *scriptedRequest // arrived at a server, in order
	wrap   func(net.Conn) net.Conn
}

type scriptedDial struct {
	addr   string
	ctx    context.Context
	answer chan error // nil: connected
}

type scriptedRequest struct {
	host  string
	reply chan string // a whole response
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

func newStage(t *testing.T, optFns ...func(*transport.Config)) *stage {
	s := &stage{t: t, dials: make(chan *scriptedDial, 100), served: make(chan *scriptedRequest, 100)}
	optFns = append([]func(*transport.Config){directly, func(c *transport.Config) { c.DialContext = s.dial }}, optFns...)
	s.client = transport.NewClient(optFns...)
	return s
}

func (s *stage) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	here, there := net.Pipe()
	d := &scriptedDial{addr: addr, ctx: ctx, answer: make(chan error)}
	s.dials <- d
	select {
	case err := <-d.answer:
		if err != nil {
			return nil, err
		}
		go s.serve(there)
		if s.wrap != nil {
			return s.wrap(here), nil
		}
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *stage) serve(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		sr := &scriptedRequest{host: req.Host, reply: make(chan string)}
		s.served <- sr
		if _, err := io.WriteString(c, <-sr.reply); err != nil {
			return
		}
	}
}

// request begins a request and returns the channel of its outcome.
func (s *stage) request(ctx context.Context, url string) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, _, err := post(ctx, s.client, url, "x")
		done <- err
	}()
	synctest.Wait()
	return done
}

// pending says how many dials have begun that the test has not taken.
func (s *stage) pending() int {
	synctest.Wait()
	return len(s.dials)
}

func (s *stage) nextDial() *scriptedDial {
	s.t.Helper()
	require.NotZero(s.t, s.pending(), "no dial has begun")
	return <-s.dials
}

func (s *stage) nextRequest() *scriptedRequest {
	s.t.Helper()
	synctest.Wait()
	require.NotEmpty(s.t, s.served, "no request has arrived")
	return <-s.served
}

func (d *scriptedDial) end(err error) {
	d.answer <- err
	synctest.Wait()
}

func (r *scriptedRequest) end(reply string) {
	r.reply <- reply
	synctest.Wait()
}

const one, two = "http://one.invalid/", "http://two.invalid/"

// handOver plays the start of a storm: two requests dial, one connection is ready, serves the first request and then
// the second, whose own dial is still on its way. Then the first caller comes back.
func (s *stage) handOver() (slow *scriptedDial, second, again <-chan error) {
	s.t.Helper()
	first := s.request(s.t.Context(), one)
	second = s.request(s.t.Context(), one)
	fast, slow := s.nextDial(), s.nextDial()
	fast.end(nil)
	s.nextRequest().end(ok)
	require.NoError(s.t, <-first)
	again = s.request(s.t.Context(), one)
	return slow, second, again
}

func TestNoDialBeginsWhileThereAreAsManyConnectionsAsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		slow, second, again := s.handOver()
		require.Zero(t, s.pending(), "two requests and two connections")
		slow.end(nil)
		s.nextRequest().end(ok)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
		require.NoError(t, <-again)
		require.Zero(t, s.pending())
	})
}

// lingering is a connection that takes its time to close.
type lingering struct {
	net.Conn
	release <-chan struct{}
}

func (c lingering) Close() error {
	<-c.release
	return c.Conn.Close()
}

func TestAWaitingRequestDialsWhenAConnectionCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := newStage(t)
		s.wrap = func(c net.Conn) net.Conn { return lingering{c, release} }
		defer s.client.CloseIdleConnections()
		first := s.request(t.Context(), one)
		s.nextDial().end(nil)
		s.nextRequest().end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
		require.NoError(t, <-first)
		second := s.request(t.Context(), one)
		require.Zero(t, s.pending(), "one request and one connection")
		close(release)
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
	})
}

func TestAWaitingRequestDialsWhenAnotherDialFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		slow, second, again := s.handOver()
		slow.end(errors.New("refused")) // nobody's error: its request is served by the other connection
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
		require.NoError(t, <-again)
	})
}

func TestAWaitingRequestDialsWhenAnotherRequestComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		slow, second, again := s.handOver()
		third := s.request(t.Context(), one)
		require.Equal(t, 1, s.pending(), "three requests and three connections")
		slow.end(nil)
		s.nextDial().end(nil)
		for range 3 {
			s.nextRequest().end(ok)
		}
		for _, done := range []<-chan error{second, again, third} {
			require.NoError(t, <-done)
		}
	})
}

func TestAWaitingRequestDialsAfterDialPatience(t *testing.T) {
	for patience, want := range map[time.Duration]time.Duration{0: 10 * time.Second, time.Minute: time.Minute, -1: 0} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, func(c *transport.Config) { c.DialPatience = patience })
			defer s.client.CloseIdleConnections()
			slow, second, again := s.handOver()
			began := time.Now()
			<-s.dialBegan()
			require.Equal(t, want, time.Since(began))
			s.nextDial().end(nil)
			slow.end(nil)
			s.nextRequest().end(ok)
			s.nextRequest().end(ok)
			require.NoError(t, <-second)
			require.NoError(t, <-again)
		})
	}
}

// dialBegan is closed once there is a dial that the test has not taken.
func (s *stage) dialBegan() <-chan struct{} {
	began := make(chan struct{})
	go func() {
		s.dials <- <-s.dials
		close(began)
	}()
	return began
}

func TestACancelledRequestCausesNoDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		first := s.request(t.Context(), one)
		second := s.request(t.Context(), one)
		fast, slow := s.nextDial(), s.nextDial()
		fast.end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-first)
		ctx, cancel := context.WithCancel(t.Context())
		again := s.request(ctx, one)
		began := time.Now()
		cancel()
		require.ErrorIs(t, <-again, context.Canceled)
		require.Zero(t, time.Since(began))
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
		require.ErrorIs(t, slow.ctx.Err(), context.Canceled, "no request is left")
		synctest.Wait()
		require.Zero(t, s.pending())
	})
}

func TestDialOutlivesItsRequestOnlyWhileThereAreOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		ctx, cancel := context.WithCancel(t.Context())
		first := s.request(ctx, one)
		second := s.request(t.Context(), one)
		of1, of2 := s.nextDial(), s.nextDial()
		cancel()
		require.ErrorIs(t, <-first, context.Canceled)
		require.NoError(t, of1.ctx.Err())
		of1.end(nil) // and its connection serves the other
		s.nextRequest().end(ok)
		require.NoError(t, <-second)
		require.Error(t, of2.ctx.Err())

		ctx, cancel = context.WithCancel(t.Context())
		third := s.request(ctx, two)
		of3 := s.nextDial()
		cancel()
		require.ErrorIs(t, <-third, context.Canceled)
		require.ErrorIs(t, of3.ctx.Err(), context.Canceled)
	})
}

func TestFailingDialsAreTheErrorsOfTheirRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		const requests = 20
		refused := errors.New("refused")
		var done []<-chan error
		for range requests {
			done = append(done, s.request(t.Context(), one))
		}
		require.Equal(t, requests, s.pending(), "none waits for another to fail")
		for range requests {
			s.nextDial().end(refused)
		}
		for _, d := range done {
			require.ErrorIs(t, <-d, refused)
		}
		again := s.request(t.Context(), one)
		s.nextDial().end(nil)
		s.nextRequest().end(ok)
		require.NoError(t, <-again)
	})
}

func TestHostsDoNotWaitForEachOthersConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		slow, second, again := s.handOver()
		other := s.request(t.Context(), two)
		d := s.nextDial()
		require.Equal(t, "two.invalid:80", d.addr)
		d.end(nil)
		slow.end(nil)
		for range 3 {
			s.nextRequest().end(ok)
		}
		for _, done := range []<-chan error{second, again, other} {
			require.NoError(t, <-done)
		}
	})
}

func TestProxiesDoNotWaitForEachOthersConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var proxy string
		s := newStage(t, func(c *transport.Config) {
			c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
		})
		defer s.client.CloseIdleConnections()
		proxy = "http://first-proxy.invalid:3128"
		slow, second, again := s.handOver()
		elsewhere := s.request(t.Context(), two) // shares the proxy's connections: three requests, three dials
		require.Equal(t, "first-proxy.invalid:3128", s.nextDial().addr)
		proxy = "http://second-proxy.invalid:3128"
		other := s.request(t.Context(), one)
		d := s.nextDial()
		require.Equal(t, "second-proxy.invalid:3128", d.addr)
		d.end(nil)
		slow.end(nil)
		for range 4 {
			s.nextRequest().end(ok)
		}
		for _, done := range []<-chan error{second, again, elsewhere, other} {
			require.NoError(t, <-done)
		}
	})
}

func TestEverySpellingOfAHostIsServedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.client.CloseIdleConnections()
		for _, url := range []string{one, "http://one.invalid:80/", "http://ONE.invalid/"} {
			began := time.Now()
			done := s.request(t.Context(), url)
			for len(s.dials) > 0 {
				s.nextDial().end(nil)
			}
			s.nextRequest().end(ok)
			require.NoError(t, <-done)
			require.Zero(t, time.Since(began), "%s", url)
		}
	})
}
