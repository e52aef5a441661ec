package transport

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// destinationOf names the connections that a request can use, as net/http tells them apart: by default port, but not by
// case.
func destinationOf(u, proxy *url.URL) destination {
	d := destination{scheme: u.Scheme, addr: u.Host}
	switch u.Scheme {
	case "https":
		d.addr = strings.TrimSuffix(d.addr, ":443")
	case "http":
		d.addr = strings.TrimSuffix(d.addr, ":80")
	}
	if proxy != nil {
		d.proxy = proxy.String()
		if takesPlainHTTP(u, proxy) {
			d.addr = "" // one connection to the proxy serves all hosts
		}
	}
	return d
}

// takesPlainHTTP reports whether requests for u are sent to proxy as they are, not through a tunnel.
func takesPlainHTTP(u, proxy *url.URL) bool {
	return u.Scheme == "http" && (proxy.Scheme == "http" || proxy.Scheme == "https")
}

// defaultPort returns the port that a URL of scheme means without naming it.
func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return "1080" // SOCKS
}

// dialAddr returns the host and port to connect to for u.
func dialAddr(u *url.URL) (string, error) {
	name, err := asciiHost(u.Hostname())
	if err != nil {
		return "", err
	}
	port := u.Port()
	if port == "" {
		port = defaultPort(u.Scheme)
	}
	return net.JoinHostPort(name, port), nil
}

// wireHost returns host as it stands in a request: in ASCII, without the zone of an IPv6 address.
func wireHost(host string) (string, error) {
	if strings.HasPrefix(host, "[") {
		if end := strings.LastIndexByte(host, ']'); end > 0 {
			if zone := strings.LastIndexByte(host[:end], '%'); zone > 0 {
				host = host[:zone] + host[end:]
			}
		}
	}
	host, err := asciiHost(host)
	if err != nil {
		return "", err
	}
	for i := range len(host) {
		if c := host[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`"/<>?@\^`+"`{|}#", c) >= 0 {
			return "", fmt.Errorf("transport: invalid Host header %q", host)
		}
	}
	return host, nil
}

// asciiHost returns the ASCII form of an internationalised name. Only net/http has the tables for it, and it applies them
// where it writes a request.
func asciiHost(host string) (string, error) {
	if isASCII(host) {
		return host, nil
	}
	var b bytes.Buffer
	req := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Host: host}
	if err := req.Write(&b); err != nil {
		return "", err
	}
	_, after, _ := strings.Cut(b.String(), "Host: ")
	ascii, _, _ := strings.Cut(after, "\r\n")
	if !isASCII(ascii) {
		return "", fmt.Errorf("transport: invalid host %q", host)
	}
	return ascii, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
