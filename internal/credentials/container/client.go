package container

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

// newClient returns the client to use for a configured one, and for requests
// over plain http or over https.
func newClient(configured fetch.HTTPClient, plain bool) fetch.HTTPClient {
	client := &http.Client{}
	switch c := configured.(type) {
	case nil:
	case *http.Client:
		*client = *c // a copy: it is the caller's
	default:
		return configured
	}
	if client.Transport == nil {
		client.Transport = newTransport(plain)
	}
	client.CheckRedirect = fetch.NoRedirect
	return client
}

func newTransport(plain bool) *http.Transport {
	transport := fetch.NewTransport()
	transport.Proxy = proxy
	if plain {
		// Plain http stays on the machine: a proxy could not reach it, and must
		// not see it.
		transport.Proxy = nil
		transport.DialContext = (&net.Dialer{Control: guard}).DialContext
	}
	return transport
}

// proxy is the environment's, except for the agents' addresses, which the
// environment's rules do not know to be the machine's own.
func proxy(r *http.Request) (*url.URL, error) {
	if ip, err := netip.ParseAddr(r.URL.Hostname()); err == nil && allowed(ip) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}
