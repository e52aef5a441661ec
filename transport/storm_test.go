package transport_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestCallersOpenOneConnectionEachAndKeepIt(t *testing.T) {
	const callers, rounds, callsEach = 256, 3, 10
	schemes(t, func(t *testing.T, secure bool) {
		var arrived sync.WaitGroup // the first request of each caller: all of them are under way at one time
		arrived.Add(callers)
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/first" {
				arrived.Done()
				arrived.Wait()
			}
			_, _ = io.Copy(w, r.Body)
		}))
		// A busy machine may keep a caller waiting for longer than the default, after which another dial begins.
		client := srv.newClient(t, func(c *transport.Config) { c.DialPatience = time.Hour })
		for round := range rounds {
			errs := make(chan error, callers)
			var crew sync.WaitGroup
			for range callers {
				crew.Go(func() {
					for call := range callsEach {
						path := "/"
						if round == 0 && call == 0 {
							path = "/first"
						}
						if _, _, err := post(context.Background(), client, srv.URL+path, "payload"); err != nil {
							errs <- err
							return
						}
					}
				})
			}
			crew.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			require.EqualValues(t, callers, srv.conns.Load(), "after round %d", round+1)
		}
		require.Zero(t, srv.lost.Load(), "connections that were given up")
	})
}

// In memory, so that no limit of the system's counts: twice as many callers as connections need file descriptors.
func TestThousandsOfCallersOpenOneConnectionEach(t *testing.T) {
	const callers = 4096
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		dials := 0
		client := transport.NewClient(directly, func(c *transport.Config) {
			c.MaxIdleConns = callers
			c.DialContext = func(context.Context, string, string) (net.Conn, error) {
				here, there := net.Pipe()
				go func() {
					r := bufio.NewReader(there)
					for {
						req, err := http.ReadRequest(r)
						if err != nil {
							return
						}
						_, _ = io.Copy(io.Discard, req.Body)
						time.Sleep(time.Minute) // so that all are under way at one time
						if _, err := io.WriteString(there, ok); err != nil {
							return
						}
					}
				}()
				mu.Lock()
				dials++
				mu.Unlock()
				return here, nil
			}
		})
		defer client.CloseIdleConnections()
		for range 3 {
			var crew sync.WaitGroup
			for range callers {
				crew.Go(func() {
					_, _, err := post(t.Context(), client, one, "x")
					require.NoError(t, err)
				})
			}
			crew.Wait()
		}
		require.Equal(t, callers, dials)
	})
}
