// Package transport sends the requests of calls that may stay silent for fifteen minutes, and that hundreds of callers
// make at once: over connections of its own ([New]), and behind an *http.Client where one is wanted ([NewClient]).
//
// What it does that net/http's own client and transport do not:
//
//   - TCP keep-alive probes keep the connection of a silent call open in NAT gateways and load balancers, which drop a
//     connection after 350 seconds without a packet, and detect a peer that died silently ([Config.KeepAliveIdle]).
//   - No timeout of its own ends a call that was sent. The request's context is the only deadline.
//   - Callers that start together open one connection each and keep it ([Config.DialPatience]).
//   - A pooled connection that the service has closed meanwhile is replaced before anything is written to it: the request
//     succeeds, and the function does not run twice. A connection with unsolicited response bytes is replaced as well,
//     because they would pass for the reply to the next request.
//   - Proxies: HTTP CONNECT, plain http and https proxies, SOCKS 5, NO_PROXY. TLS sessions are resumed.
//   - A bound on connections ([Config.MaxConns]). A caller waits for a connection where the process has run out of file
//     descriptors.
//   - Redirects are not followed and bodies are not decompressed: what the service sent is what the caller gets.
//
// The client speaks HTTP/1.1 only. On HTTP/2 all calls of a process share one connection, so one lost connection takes
// all of them with it, including those which have been running for minutes and can't safely be sent again; and flow
// control and stream limits make calls wait for each other. A connection for each call costs one handshake, and its loss
// affects one call.
//
// The client owns its HTTP/1.1 connections: the goroutine that makes a request writes it and reads the reply, and a
// connection has no goroutine of its own, in use or idle. So a call that waits costs one goroutine, the caller's, and no
// buffer. Connections count what is written to them: take one from [net/http/httptrace.GotConnInfo] (for TLS, what its
// NetConn method returns) and ask it for interface{ BytesWritten() int64 }. The count never runs behind, and is safe for
// concurrent use.
package transport

import (
	"net/http"
)

// NewClient returns an *http.Client on top of a [Transport] that [New] makes, for those who need one: a program that
// calls New links nothing of net/http's own client and transport, which are 0.6 MB.
//
// The client is safe for concurrent use. Its Transport is not an *http.Transport; CloseIdleConnections works. An HTTP
// client of net/http's own can be used in its place wherever one is asked for.
func NewClient(optFns ...func(*Config)) *http.Client {
	return &http.Client{
		Transport: New(optFns...),
		// A redirect would take a signed request to a place that the signature does not name.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
