package transport

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// dialThroughProxy opens a connection to a proxy and, unless that takes requests in plain http, a tunnel to the host.
func (d *dialer) dialThroughProxy(ctx context.Context, p *pool, to route) (*conn, error) {
	addr, err := dialAddr(to.proxy)
	if err != nil {
		return nil, err
	}
	switch to.proxy.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, fmt.Errorf("transport: unsupported proxy scheme %q", to.proxy.Scheme)
	}
	w, err := d.dialTCP(ctx, addr)
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	c, err := d.throughProxy(ctx, p, to, w)
	if err != nil {
		w.Close()
		return nil, err
	}
	return c, nil
}

func (d *dialer) throughProxy(ctx context.Context, p *pool, to route, w *wire) (*conn, error) {
	var stream net.Conn = w
	if to.proxy.Scheme == "https" {
		secured, err := d.handshake(ctx, w, to.proxy.Hostname())
		if err != nil {
			return nil, err
		}
		stream = secured
	}
	if takesPlainHTTP(to.url, to.proxy) {
		return newConn(p, w, stream, &proxyHead{authorization: basicAuth(to.proxy)}), nil
	}
	target, err := dialAddr(to.url)
	if err != nil {
		return nil, err
	}
	tunnel := d.connect
	if to.proxy.Scheme != "http" && to.proxy.Scheme != "https" {
		tunnel = socksTunnel
	}
	if err := d.negotiate(ctx, stream, to.proxy, target, tunnel); err != nil {
		return nil, err
	}
	return d.finish(ctx, p, to, w, stream)
}

type tunneler func(stream net.Conn, proxy *url.URL, target string) error

// negotiate has open ask the proxy for a tunnel, until the context or the timeout for connecting ends: it is the proxy
// who connects.
func (d *dialer) negotiate(ctx context.Context, stream net.Conn, proxy *url.URL, target string, open tunneler) error {
	ctx, cancel := within(ctx, d.cfg.ConnectTimeout, stream, "no answer from the proxy")
	defer cancel()
	stop := context.AfterFunc(ctx, func() { stream.Close() })
	err := open(stream, proxy, target)
	if !stop() {
		return context.Cause(ctx)
	}
	return err
}

// connect asks for a tunnel by HTTP CONNECT.
func (d *dialer) connect(stream net.Conn, proxy *url.URL, target string) error {
	req := &http.Request{
		Method: http.MethodConnect,
		URL:    &url.URL{Opaque: target},
		Host:   target,
		Header: make(http.Header),
	}
	if auth := basicAuth(proxy); auth != "" {
		req.Header.Set("Proxy-Authorization", auth)
	}
	if err := req.Write(stream); err != nil {
		return err
	}
	// The host speaks only after the client has, so nothing behind the reply is lost in the reader.
	r := bufio.NewReader(io.LimitReader(stream, d.cfg.MaxResponseHeaderBytes))
	resp, err := http.ReadResponse(r, req)
	if err != nil {
		return fmt.Errorf("transport: reading the proxy's answer: %w", noEOF(err))
	}
	if resp.StatusCode != http.StatusOK {
		return &errors.ProxyError{
			Proxy:      proxy.Host,
			StatusCode: resp.StatusCode,
			Reason:     http.StatusText(resp.StatusCode),
			Refused:    resp.StatusCode/100 == 4,
		}
	}
	if r.Buffered() > 0 {
		return errUnsolicited
	}
	return nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// basicAuth returns the Proxy-Authorization for the credentials in the proxy's URL, or "".
func basicAuth(proxy *url.URL) string {
	if proxy.User == nil {
		return ""
	}
	password, _ := proxy.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(proxy.User.Username()+":"+password))
}
