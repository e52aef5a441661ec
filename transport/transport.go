// Package transport makes the *http.Client that a call needs which may stay silent for fifteen minutes, and which
// hundreds of callers share.
//
// What it does that a plain http.Client does not:
//
//   - TCP keep-alive probes keep the flow of a silent call known to NAT gateways and load balancers, which forget a
//     flow after 350 seconds without a packet, and notice a peer that died without a word ([Config.KeepAliveIdle]).
//   - No timeout of its own ends a call that was sent. The request's context is the only deadline.
//   - Callers that start together open one connection each and keep it ([Config.DialPatience]).
//   - A pooled connection that the service has closed meanwhile is replaced before anything is written to it. Such a
//     request is not an error, and the function does not run twice. So is one on which something came that no request
//     had asked for, lest it pass for the reply to the next.
//   - Redirects are not followed and bodies are not decompressed: what the service sent is what the caller gets.
//
// The client speaks HTTP/1.1 only. On HTTP/2 all calls of a process share one connection, so one lost connection takes
// all of them with it, including those which have been running for minutes and can't safely be sent again; and flow
// control and stream limits couple calls that have nothing to do with each other. A connection for each call costs a
// handshake, once, and fails alone.
//
// An [Attempt] tells whether anything of a failed request can have reached the peer; package invoke uses it. It rests on
// the connections, which count what they hand to the operating system and can be asked directly, too: take the
// connection from [net/http/httptrace.GotConnInfo] (for TLS, what its NetConn method returns) and ask it for
// interface{ BytesWritten() int64 }, once in GotConn and once when the request failed. The count never runs behind:
// equal counts mean that nothing was sent. It is safe for concurrent use.
package transport

import (
	"net/http"
)

// NewClient returns a client for calls that stay silent for fifteen minutes, and for hundreds of them at once. The
// functions change its [Config], in order; without any, the defaults hold.
//
// The client is safe for concurrent use. One client for each process is right: it is what makes connections shared.
// Its Transport is not an *http.Transport; CloseIdleConnections works.
func NewClient(optFns ...func(*Config)) *http.Client {
	var cfg Config
	for _, fn := range optFns {
		fn(&cfg)
	}
	return &http.Client{
		Transport: newRoundTripper(cfg.withDefaults()),
		// A redirect would take a signed request to a place that the signature does not name.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
