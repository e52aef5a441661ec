package transport

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// proxyHead is what requests say to a proxy that takes them in plain http.
type proxyHead struct {
	authorization string // "" for none
}

// appendHead appends the request line and the headers, with what frames a body of length bytes, or one in chunks for -1.
// The order of the headers is always the same.
func (x *exchange) appendHead(b []byte, length int64) ([]byte, error) {
	req := x.req
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	host, err := wireHost(host)
	if err != nil {
		return b, err
	}
	if b, err = x.appendRequestLine(b, host); err != nil {
		return b, err
	}
	b = x.appendField(b, "Host", host)
	if agent, ok := req.Header["User-Agent"]; !ok {
		b = x.appendField(b, "User-Agent", "Go-http-client/1.1")
	} else if len(agent) > 0 && agent[0] != "" {
		b = x.appendField(b, "User-Agent", agent[0])
	}
	switch {
	case length > 0, length == 0 && needsLength(req.Method):
		b = append(b, "Content-Length: "...)
		b = append(strconv.AppendInt(b, length, 10), "\r\n"...)
	case length < 0:
		b = x.appendField(b, "Transfer-Encoding", "chunked")
		if len(req.Trailer) > 0 {
			b = x.appendField(b, "Trailer", strings.Join(sortedNames(make([]string, 0, 8), req.Trailer), ","))
		}
	}
	if req.Close || !x.keep {
		b = x.appendField(b, "Connection", "close")
	}
	if via := x.conn.via; via != nil && via.authorization != "" && req.Header["Proxy-Authorization"] == nil {
		b = x.appendField(b, "Proxy-Authorization", via.authorization)
	}
	var names [24]string
	for _, name := range sortedNames(names[:0], req.Header) {
		for _, value := range req.Header[name] {
			if !written(name) {
				b = x.appendField(b, name, strings.Trim(value, " \t"))
			}
		}
	}
	return append(b, "\r\n"...), nil
}

func (x *exchange) appendRequestLine(b []byte, host string) ([]byte, error) {
	req, start := x.req, len(b)
	method := req.Method
	if method == "" {
		method = http.MethodGet
	}
	b = append(append(b, method...), ' ')
	if x.conn.via != nil && (req.URL.Opaque == "" || strings.HasPrefix(req.URL.Opaque, "//")) {
		b = append(append(append(b, req.URL.Scheme...), "://"...), host...)
	}
	switch {
	case req.URL.Opaque != "":
		b = append(b, req.URL.RequestURI()...)
	default:
		path := req.URL.EscapedPath()
		if path == "" {
			path = "/"
		}
		b = append(b, path...)
		if req.URL.ForceQuery || req.URL.RawQuery != "" {
			b = append(append(b, '?'), req.URL.RawQuery...)
		}
	}
	for _, c := range b[start:] {
		if c < ' ' || c == 0x7f {
			return b, errors.New("transport: the request's URL has a control character")
		}
	}
	return append(b, " HTTP/1.1\r\n"...), nil
}

func (x *exchange) appendField(b []byte, name, value string) []byte {
	if x.trace != nil && x.trace.WroteHeaderField != nil {
		x.trace.WroteHeaderField(name, []string{value})
	}
	b = append(append(b, name...), ": "...)
	return append(append(b, value...), "\r\n"...)
}

// written names the headers that have been written from the request's own fields.
func written(name string) bool {
	switch name {
	case "Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer":
		return true
	}
	return false
}

func needsLength(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

func sortedNames(names []string, h http.Header) []string {
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// validate refuses a request that cannot be sent, as net/http does.
func validate(req *http.Request) error {
	switch {
	case req.URL == nil:
		return errors.New("transport: nil Request.URL")
	case req.Header == nil:
		return errors.New("transport: nil Request.Header")
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return fmt.Errorf("transport: unsupported protocol scheme %q", req.URL.Scheme)
	case req.URL.Host == "":
		return errors.New("transport: no host in the request's URL")
	case req.Method != "" && !isToken(req.Method):
		return fmt.Errorf("transport: invalid method %q", req.Method)
	}
	if err := validateFields("header", req.Header); err != nil {
		return err
	}
	return validateFields("trailer", req.Trailer)
}

func validateFields(what string, h http.Header) error {
	for name, values := range h {
		if !isToken(name) {
			return fmt.Errorf("transport: invalid %s name %q", what, name)
		}
		for _, value := range values {
			if !isFieldValue(value) {
				return fmt.Errorf("transport: invalid value of %s %q", what, name) // which may be a secret
			}
		}
	}
	return nil
}

// isToken reports whether s is a token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s may stand in a header: no control characters but tabs.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
