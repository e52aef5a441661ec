package simulation

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
)

// serveProxy serves one connection of an HTTP proxy that makes tunnels, and sometimes refuses to.
func (w *world) serveProxy(conn *network.Conn) {
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	in := bufio.NewReader(conn)
	req, err := http.ReadRequest(in)
	if err != nil || req.Method != http.MethodConnect {
		return
	}
	conn.SetReadDeadline(time.Time{})
	d := w.scenario.seed.dice("tunnel", conn.ID())
	if d.chance(w.scenario.chaos / 2) {
		status := pick(d, 403, 407, 502, 503)
		w.history.note(callID{}, conn.ID(), "proxy: refuses the tunnel with %d", status)
		conn.Write(canonical(statusLine(status), []string{"Content-Length: 0"}, nil))
		return
	}
	upstream, err := w.network.Dial(context.Background(), hostProxy, req.Host, drawProfile(d))
	if err != nil {
		conn.Write(canonical("502 Bad Gateway", []string{"Content-Length: 0"}, nil))
		return
	}
	defer upstream.Close()
	w.history.note(callID{}, conn.ID(), "proxy: tunnel to %s is conn %d", req.Host, upstream.ID())
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		return
	}
	var both sync.WaitGroup
	pipe := func(to *network.Conn, from io.Reader, abort *network.Conn) {
		if _, err := io.Copy(struct{ io.Writer }{to}, from); err != nil {
			to.Abort()
			abort.Abort()
			return
		}
		to.CloseWrite()
	}
	both.Go(func() { pipe(upstream, in, conn) })
	both.Go(func() { pipe(conn, upstream, upstream) })
	both.Wait()
}
