package container

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// WithAddresses has every host name resolve to these addresses, or to err.
func WithAddresses(cfg Config, err error, addresses ...string) Config {
	cfg.lookup = func(context.Context, string, string) ([]netip.Addr, error) {
		var ips []netip.Addr
		for _, a := range addresses {
			ips = append(ips, netip.MustParseAddr(a))
		}
		return ips, err
	}
	return cfg
}

// Guard is the check of an address that a connection is about to be opened to.
func Guard(address string) error { return guard("tcp", address, nil) }

// ProxyFor returns the proxy that the default client takes to a URL.
func ProxyFor(rawURL string) (*url.URL, error) {
	request, err := http.NewRequest(http.MethodGet, rawURL, nil)
	if err != nil {
		return nil, err
	}
	var c transport.Config
	settings(request.URL.Scheme == "http")(&c)
	return c.Proxy(request)
}

// ReadAnswer returns the members of an answer that are of use, and whether it
// is what an endpoint answers.
func ReadAnswer(body []byte) (members [6]string, ok bool) {
	a, ok := readAnswer(body)
	return [6]string{a.accessKeyID, a.secretAccessKey, a.token, a.expiration, a.code, a.message}, ok
}
