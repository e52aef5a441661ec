package errors

import (
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// ProxyError says that a proxy did not open a tunnel to the service. Nothing of the request was sent. It is found in the
// [TransportError] of a call, and in the error of a request through a client of package transport.
type ProxyError struct {
	// Proxy is the proxy's host and port.
	Proxy string
	// StatusCode is the HTTP status with which the proxy answered CONNECT, 0 for a SOCKS proxy.
	StatusCode int
	// Reason is the text of the status, or what a SOCKS proxy's reply means.
	Reason string
	// Refused says that the proxy does not want to open the tunnel (a 4xx status, credentials that a SOCKS proxy does not
	// take, its rules), so that another attempt would fail as well. Otherwise it was not able to.
	Refused bool
}

// Error names the proxy and its answer.
func (e *ProxyError) Error() string {
	var b strings.Builder
	b.WriteString("proxy ")
	if e.Proxy != "" {
		b.WriteString(printable.Text(e.Proxy, messageLimit) + " ")
	}
	if e.Refused {
		b.WriteString("refused the tunnel")
	} else {
		b.WriteString("could not open the tunnel")
	}
	answer := printable.Text(e.Reason, messageLimit)
	if e.StatusCode != 0 {
		answer = strings.TrimSpace(strconv.Itoa(e.StatusCode) + " " + answer)
	}
	if answer != "" {
		b.WriteString(": " + answer)
	}
	return b.String()
}

// MayHaveExecuted is false: nothing was sent.
func (e *ProxyError) MayHaveExecuted() bool { return false }
