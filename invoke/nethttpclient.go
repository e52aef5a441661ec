package invoke

import (
	"net/http"
	"reflect"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// An *http.Client of the caller's is used without its redirects: following one
// would send the event a second time, and to somewhere else.
//
// A program that uses no *http.Client must not link net/http's client and
// transport, which are twice as large as this library. The linker keeps their
// methods as soon as linked code calls one of them, converts an *http.Client to an
// interface, or calls RoundTrip on an http.RoundTripper. This file does none of
// that: it calls Do on the interface value that the caller made.

// setNetHTTPClient settles how to send with an *http.Client. Where nothing is in
// use but its Transport, and that says how far a request came, the client is left
// out.
func (cfg *config) setNetHTTPClient(client *http.Client, base *config) {
	if base != nil {
		if same, ok := base.HTTPClient.(*http.Client); ok && same == client {
			cfg.transport, cfg.client, cfg.plain = base.transport, base.client, base.plain
			return
		}
	}
	bare := client.Timeout == 0 && client.Jar == nil
	if own, ok := client.Transport.(*transport.Transport); ok && bare {
		cfg.transport = own
		return
	}
	rt := client.Transport
	if rt == nil {
		rt = http.DefaultTransport
	}
	_, netHTTP := rt.(*http.Transport)
	cfg.plain = bare && netHTTP
	copied, direct := copyNetHTTPClient(cfg.HTTPClient)
	direct.Transport = unredirected{rt}
	cfg.client = copied
}

// copyNetHTTPClient returns a copy of an *http.Client, as the interface and as what
// it is. Reflection makes the interface, because the compiler would tell the linker
// of it.
func copyNetHTTPClient(client HTTPClient) (HTTPClient, *http.Client) {
	copied := reflect.New(reflect.TypeOf(client).Elem()).Interface().(HTTPClient)
	direct := copied.(*http.Client)
	*direct = *client.(*http.Client)
	return copied, direct
}

// unredirected is a transport that hides the Location of redirects from the client
// on top of it. Otherwise the client would read the payload again before it asks
// whether to follow the redirect, and would fail on a Location that it cannot parse.
type unredirected struct{ http.RoundTripper }

// RoundTrip returns a redirect with its Location under a name in lower case, where
// the client does not find it. The name is made canonical again with all others.
func (t unredirected) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	switch {
	case err != nil:
		if resp != nil && resp.Body != nil {
			resp.Body.Close()
		}
		return nil, err
	case resp == nil:
		return nil, errNothing
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	if location, ok := resp.Header["Location"]; ok && resp.StatusCode/100 == 3 {
		delete(resp.Header, "Location")
		resp.Header["location"] = location
	}
	return resp, nil
}
