package transport_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCallersOpenOneConnectionEachAndKeepIt(t *testing.T) {
	const callers, rounds, callsEach = 256, 3, 10
	schemes(t, func(t *testing.T, secure bool) {
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body)
		}))
		client := srv.newClient(t)
		ctx := context.Background()
		for round := range rounds {
			errs := make(chan error, callers)
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for range callsEach {
						if _, _, err := post(ctx, client, srv.URL, "payload"); err != nil {
							errs <- err
							return
						}
					}
				})
			}
			wg.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			// A few more are opened where a handshake takes longer than the gate is patient.
			require.LessOrEqual(t, srv.conns.Load(), int64(callers*5/4), "after round %d", round+1)
		}
		// net/http gives a connection up when its writer gets no processor for 50 ms after the reply, which a busy
		// machine does to a few. (A dial still on its way when the last request ends is called off: nobody's connection.)
		require.LessOrEqual(t, srv.lost.Load(), int64(callers/16), "connections that were given up")
	})
}
