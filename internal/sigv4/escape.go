package sigv4

import (
	"net/url"
	"strings"
)

const upperHex = "0123456789ABCDEF"

// appendEscapedPath writes the path as it is sent, escaped once more.
func appendEscapedPath(dst []byte, u *url.URL) []byte {
	path := sentPath(u)
	if path == "" {
		return append(dst, '/')
	}
	for i := range len(path) {
		if b := path[i]; b == '/' {
			dst = append(dst, b)
		} else {
			dst = appendEscapedByte(dst, b)
		}
	}
	return dst
}

// sentPath is the path as net/http writes it into the request line.
func sentPath(u *url.URL) string {
	if u.Opaque != "" {
		path, _, _ := strings.Cut(u.Opaque, "?")
		if rest, ok := strings.CutPrefix(path, "//"); ok { // a host comes first
			path = rest[len(rest):]
			if i := strings.IndexByte(rest, '/'); i >= 0 {
				path = rest[i:]
			}
		}
		return path
	}
	if u.RawPath != "" && escapes(u.RawPath, u.Path) {
		return u.RawPath
	}
	return u.EscapedPath()
}

// escapes tells whether raw, made of nothing but unreserved bytes, slashes and
// escapes, stands for path. It spares the allocation with which
// [url.URL.EscapedPath] finds out the same: every function given by an ARN or
// with an alias has such a path.
func escapes(raw, path string) bool {
	n := 0
	for i := 0; i < len(raw); i++ {
		b := raw[i]
		switch {
		case b == '%':
			var ok bool
			if b, ok = unhex(raw, i); !ok {
				return false
			}
			i += 2
		case b != '/' && !unreserved(b):
			return false
		}
		if n >= len(path) || path[n] != b {
			return false
		}
		n++
	}
	return n == len(path)
}

// addQuery splits a raw query into parameters, whose names and values it
// unescapes and escapes again the canonical way, byte by byte.
func (c *canonicalizer) addQuery(raw string) error {
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		var p pair
		var err error
		if p.name, err = c.addEscaped(name); err != nil {
			return err
		}
		if p.value, err = c.addEscaped(value); err != nil {
			return err
		}
		c.params = append(c.params, p)
	}
	return nil
}

func (c *canonicalizer) addEscaped(s string) (span, error) {
	start := len(c.text)
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch b {
		case '+':
			b = ' '
		case '%':
			var ok bool
			if b, ok = unhex(s, i); !ok {
				return span{}, errQuery
			}
			i += 2
		}
		c.text = appendEscapedByte(c.text, b)
	}
	return span{start, len(c.text)}, nil
}

// appendQuery writes the canonical query. Parameters are sorted as escaped.
func (c *canonicalizer) appendQuery() {
	c.sort(c.params)
	for i, p := range c.params {
		if i > 0 {
			c.out = append(c.out, '&')
		}
		c.out = append(c.out, c.at(p.name)...)
		c.out = append(c.out, '=')
		c.out = append(c.out, c.at(p.value)...)
	}
}

// appendLower writes an ASCII name in lower case.
func appendLower(dst []byte, name string) []byte {
	for i := range len(name) {
		b := name[i]
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		dst = append(dst, b)
	}
	return dst
}

// appendFolded writes a header value without the white space around it, and
// with one space for each run of them.
func appendFolded(dst []byte, value string) []byte {
	if n := len(value); n > 0 && (value[0] <= ' ' || value[n-1] <= ' ') {
		value = strings.Trim(value, " \t\r\n\v\f")
	}
	if !strings.Contains(value, "  ") {
		return append(dst, value...)
	}
	for i := range len(value) {
		if value[i] != ' ' || value[i-1] != ' ' { // a trimmed value starts with no space
			dst = append(dst, value[i])
		}
	}
	return dst
}

func appendEscapedByte(dst []byte, b byte) []byte {
	if unreserved(b) {
		return append(dst, b)
	}
	return append(dst, '%', upperHex[b>>4], upperHex[b&15])
}

// unreserved are the bytes that RFC 3986 never escapes.
func unreserved(b byte) bool {
	switch {
	case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		return true
	}
	return b == '-' || b == '_' || b == '.' || b == '~'
}

// unhex reads the escape whose % is at s[i].
func unhex(s string, i int) (byte, bool) {
	if i+2 >= len(s) {
		return 0, false
	}
	high, ok1 := hexDigit(s[i+1])
	low, ok2 := hexDigit(s[i+2])
	return high<<4 | low, ok1 && ok2
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case '0' <= b && b <= '9':
		return b - '0', true
	case 'a' <= b && b <= 'f':
		return b - 'a' + 10, true
	case 'A' <= b && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}
