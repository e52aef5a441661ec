package simulation

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"

	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// The hosts of the network.
const (
	hostPlain  = "lambda.sim:80"
	hostSecure = "lambda.sim:443"
	hostProxy  = "proxy.sim:3128"
)

// client is a client of the library's with what the run has to know of it.
type client struct {
	*invoke.Client
	plan     clientPlan
	http     httpClient
	provider *provider
	dialer   *dialer
}

// httpClient sends a client's requests.
type httpClient interface {
	invoke.HTTPClient
	CloseIdleConnections()
}

// newClient makes a client as its plan says.
func (w *world) newClient(number int) (*client, error) {
	plan := w.scenario.clients[number]
	d := &dialer{world: w, client: number}
	p := &provider{seed: w.scenario.seed, client: number, plan: plan.credentials, keys: w.service.keys}
	c := &client{plan: plan, http: newHTTPClient(plan, d.dial), provider: p, dialer: d}
	opts := invoke.Options{
		Region:           "us-east-1",
		Credentials:      p,
		BaseEndpoint:     "http://lambda.sim",
		HTTPClient:       c.http,
		Retry:            plan.policy,
		MaxResponseBytes: plan.maxResponse,
	}
	if plan.secure {
		opts.BaseEndpoint = "https://lambda.sim"
	}
	if plan.kind == clientOpaque {
		opts.HTTPClient = opaque{c.http}
	}
	if plan.middleware != middlewareNone {
		opts.APIOptions = []func(*middleware.Stack) error{plan.middleware.add}
	}
	if plan.alone {
		l := newLedger(plan.policy, func(format string, args ...any) { w.history.fail("quota", callID{}, format, args...) })
		opts.Logger, opts.APIOptions = l, append(opts.APIOptions, l.add)
	}
	var err error
	c.Client, err = invoke.New(opts)
	return c, err
}

// opaque is an HTTP client that nothing is known of.
type opaque struct{ client httpClient }

// Do sends a request.
func (o opaque) Do(req *http.Request) (*http.Response, error) { return o.client.Do(req) }

func newHTTPClient(plan clientPlan, dial func(ctx context.Context, network, addr string) (net.Conn, error)) httpClient {
	proxy := noProxy
	switch plan.proxy {
	case throughTunnel:
		proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: hostProxy})
	case throughProxy:
		proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: hostPlain})
	}
	if plan.kind == clientNetHTTP || plan.kind == clientOpaque {
		return &http.Client{Transport: &http.Transport{
			DialContext: dial, Proxy: proxy, TLSClientConfig: clientTLS(), TLSHandshakeTimeout: 10 * time.Second,
			IdleConnTimeout: plan.idleTimeout, MaxIdleConns: max(plan.maxIdle, 0), DisableKeepAlives: plan.maxIdle < 0,
		}}
	}
	configure := func(c *transport.Config) {
		c.DialContext, c.Proxy, c.TLSConfig = dial, proxy, clientTLS()
		c.IdleConnTimeout, c.MaxIdleConns = plan.idleTimeout, plan.maxIdle
	}
	if plan.kind == clientOwn {
		return transport.New(configure)
	}
	c := transport.NewClient(configure)
	if plan.kind == clientTimeout {
		c.Timeout = 5 * time.Minute
	}
	return c
}

func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

// dialer opens the connections of one client.
type dialer struct {
	world  *world
	client int
}

// dial opens a connection as its place says.
func (d *dialer) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	w := d.world
	id, n := dialOf(ctx)
	plan := w.drawDial(id, n)
	fail := func(err error) (net.Conn, error) {
		w.history.note(id, 0, "network: dial %d to %s fails: %v", n, addr, err)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	if plan.fault != dialWorks {
		timer := time.NewTimer(plan.takes)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return fail(ctx.Err())
		}
		return fail(dialErrors[plan.fault])
	}
	if w.scenario.clients[d.client].closesUnderLock() {
		plan.profile.Buffer = 1 << 20
	}
	c, err := w.network.Dial(ctx, addressOf(d.client), addr, plan.profile)
	if err != nil {
		w.history.note(id, 0, "network: dial %d to %s fails: %v", n, addr, err)
		return nil, err
	}
	w.history.note(id, c.ID(), "network: dial %d to %s: latency %v, request: %v, reply: %v", n, addr, plan.profile.Latency, plan.profile.Request, plan.profile.Reply)
	if plan.profile.Opaque {
		return struct{ net.Conn }{c}, nil
	}
	return c, nil
}

var dialErrors = map[dialFault]error{
	dialRefused:     &os.SyscallError{Syscall: "connect", Err: syscall.ECONNREFUSED},
	dialUnreachable: &os.SyscallError{Syscall: "connect", Err: syscall.EHOSTUNREACH},
	dialTimeout:     &os.SyscallError{Syscall: "connect", Err: syscall.ETIMEDOUT},
	dialExhausted:   &os.SyscallError{Syscall: "socket", Err: syscall.EMFILE},
}

func clientTLS() *tls.Config {
	return &tls.Config{RootCAs: authority().roots}
}
