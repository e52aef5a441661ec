package container

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// settings are those of a client for an endpoint that is asked over plain http, or
// over https.
func settings(plain bool) func(*transport.Config) {
	return func(c *transport.Config) {
		c.Proxy = proxy
		if plain {
			// Plain http stays on the machine: a proxy could not reach it, and must
			// not see it.
			c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
			c.DialContext = (&net.Dialer{Control: guard}).DialContext
		}
	}
}

// proxy is the environment's, except for the agents' addresses, which the
// environment's rules do not know to be the machine's own.
func proxy(r *http.Request) (*url.URL, error) {
	if ip, err := netip.ParseAddr(r.URL.Hostname()); err == nil && allowed(ip) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}
