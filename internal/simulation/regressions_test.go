package simulation

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// What the simulation found is kept here by what was wrong, in the smallest form that shows it.

// A connection that is no socket went from one request to the next in line with unsolicited bytes on it, which passed for the reply.
func TestUnsolicitedBytesOnAConnectionThatIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 20_000 // more than is read ahead
		n := network.New()
		n.Listen("host:80", func(c *network.Conn) {
			defer c.Close()
			in := bufio.NewReader(c)
			for {
				req, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				if req.URL.Path == "/second" {
					c.Write(canonical("200 OK", []string{"Content-Length: 3"}, []byte("own")))
					continue
				}
				time.Sleep(time.Second)
				reply := canonical("200 OK", []string{"Content-Length: 20000"}, []byte(strings.Repeat("x", size)))
				c.Write(append(reply, canonical("200 OK", []string{"Content-Length: 5"}, []byte("stray"))...))
			}
		})
		dials := 0
		client := transport.NewClient(func(c *transport.Config) {
			c.Proxy = noProxy
			c.DialContext = func(ctx context.Context, _, addr string) (net.Conn, error) {
				if dials++; dials > 1 {
					time.Sleep(5 * time.Second)
				}
				return n.Dial(ctx, "client", addr, network.Profile{Latency: time.Millisecond})
			}
		})
		first := make(chan error, 1)
		go func() {
			resp, err := client.Get("http://host/first")
			if err == nil {
				_, err = io.ReadFull(resp.Body, make([]byte, size))
				io.Copy(io.Discard, resp.Body)
			}
			first <- err
		}()
		time.Sleep(500 * time.Millisecond)
		resp, err := client.Get("http://host/second") // waits for a dial that is slower than the first request
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, "own", string(body))
		require.NoError(t, <-first)
		client.CloseIdleConnections()
		n.Wait()
	})
}
