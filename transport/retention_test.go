package transport_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// A response that was read and is kept, as an error of a call keeps it, must not hold what other clients do afterwards.
func TestAResponseThatWasReadHoldsNoOtherClient(t *testing.T) {
	server := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("1")) }))
	client := newClient(t)
	read := func() *http.Response {
		resp, err := client.Get(server.URL)
		require.NoError(t, err)
		_, err = io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp
	}
	type dialer struct{ net.Dialer }
	other := func() weak.Pointer[dialer] {
		d := new(dialer)
		client := transport.NewClient(func(c *transport.Config) {
			c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				return d.DialContext(ctx, network, addr)
			}
		})
		resp, err := client.Get(server.URL)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close()) // before it was read, so its reader is not used again
		return weak.Make(d)
	}
	var kept []*http.Response
	for range 20 { // a pool decides who gets which reader
		kept = append(kept, read())
		d := other()
		eventually(t, func() bool { runtime.GC(); return d.Value() == nil })
	}
	runtime.KeepAlive(kept)
}
