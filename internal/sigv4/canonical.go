package sigv4

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// span is a part of canonicalizer.text. Offsets survive the buffer's growth.
type span struct{ start, end int }

// pair is a header (lower-case name and folded value) or a query parameter
// (both escaped). key is the name as spelled by the caller; it puts spellings
// that differ in case only into the order in which net/http sends them.
type pair struct {
	name, value span
	key         string
}

// canonicalizer turns a request into the text that is signed. Signers pool
// it, so that a signature allocates nothing but its result.
type canonicalizer struct {
	text    []byte // names and values of headers and query
	date    [len(timeLayout)]byte
	out     []byte // the canonical request, then whatever is derived from it
	headers []pair
	params  []pair
	sorting []pair // one of these, while it is sorted
	signed  span   // the list of signed header names, within out
	sum     [sha256.Size]byte
}

func newCanonicalizer() *canonicalizer {
	return &canonicalizer{
		text:    make([]byte, 0, 4<<10),
		out:     make([]byte, 0, 8<<10),
		headers: make([]pair, 0, 24),
		params:  make([]pair, 0, 8),
	}
}

// reset makes c ready for the next request. It reports whether c is worth
// keeping: one request with enormous headers must not hold its memory for good.
func (c *canonicalizer) reset() bool {
	clear(c.headers) // they point into the request's header names
	c.text, c.out = c.text[:0], c.out[:0]
	c.headers, c.params = c.headers[:0], c.params[:0]
	return cap(c.text)+cap(c.out) <= 64<<10 && cap(c.headers)+cap(c.params) <= 1024
}

// isSigned tells whether a header is part of the signature. The others are
// those that a proxy, the transport or a tracing agent may change on the way.
func isSigned(lowerName []byte) bool {
	switch string(lowerName) {
	case "authorization", "user-agent", "x-amzn-trace-id", "expect", "transfer-encoding":
		return false
	}
	return true
}

// signedHost is the host as signed and sent: without the scheme's default port,
// and without the zone of an IPv6 address, which net/http does not send.
func signedHost(req *http.Request) string {
	host := cmp.Or(req.Host, req.URL.Host)
	if zone := strings.IndexByte(host, '%'); zone > 0 && host[0] == '[' {
		if end := strings.LastIndexByte(host, ']'); end > zone {
			host = host[:zone] + host[end:]
		}
	}
	switch req.URL.Scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// addHeaders adds the wanted headers. Host and Content-Length are left out,
// because net/http sends them from the request's fields, and so is a header
// without values, because net/http does not send it at all.
func (c *canonicalizer) addHeaders(h http.Header, wanted func(lowerName []byte) bool) {
	for key, values := range h {
		if len(values) == 0 {
			continue
		}
		start := len(c.text)
		c.text = appendLower(c.text, key)
		name := c.text[start:]
		if string(name) == "host" || string(name) == "content-length" || !wanted(name) {
			c.text = c.text[:start]
			continue
		}
		end := len(c.text)
		for i, value := range values {
			if i > 0 {
				c.text = append(c.text, ',')
			}
			c.text = appendFolded(c.text, value)
		}
		c.headers = append(c.headers, pair{name: span{start, end}, value: span{end, len(c.text)}, key: key})
	}
}

// addHeader adds one header by its lower-case name.
func (c *canonicalizer) addHeader(lowerName, value string) {
	start := len(c.text)
	c.text = append(c.text, lowerName...)
	end := len(c.text)
	c.text = appendFolded(c.text, value)
	c.headers = append(c.headers, pair{name: span{start, end}, value: span{end, len(c.text)}})
}

func (c *canonicalizer) addContentLength(n int64) {
	start := len(c.text)
	c.text = append(c.text, "content-length"...)
	end := len(c.text)
	c.text = strconv.AppendInt(c.text, n, 10)
	c.headers = append(c.headers, pair{name: span{start, end}, value: span{end, len(c.text)}})
}

// build writes the canonical request to c.out, from the headers added before.
func (c *canonicalizer) build(method string, u *url.URL, payloadHash []byte) error {
	if err := c.addQuery(u.RawQuery); err != nil {
		return err
	}
	c.out = append(c.out, cmp.Or(method, http.MethodGet)...)
	c.out = append(c.out, '\n')
	c.out = appendEscapedPath(c.out, u)
	c.out = append(c.out, '\n')
	c.appendQuery()
	c.out = append(c.out, '\n')
	c.appendHeaders()
	c.out = append(c.out, '\n')
	c.out = append(c.out, payloadHash...)
	return nil
}

// appendHeaders writes the header block, the empty line that ends it, and the
// list of their names. Equal names become one header.
func (c *canonicalizer) appendHeaders() {
	c.sort(c.headers)
	for i := range c.headers {
		if c.repeats(i) {
			c.out[len(c.out)-1] = ',' // goes on in place of the line's end
		} else {
			c.out = append(c.out, c.at(c.headers[i].name)...)
			c.out = append(c.out, ':')
		}
		c.out = append(c.out, c.at(c.headers[i].value)...)
		c.out = append(c.out, '\n')
	}
	c.out = append(c.out, '\n')
	c.signed.start = len(c.out)
	for i := range c.headers {
		if c.repeats(i) {
			continue
		}
		if i > 0 {
			c.out = append(c.out, ';')
		}
		c.out = append(c.out, c.at(c.headers[i].name)...)
	}
	c.signed.end = len(c.out)
}

// sort sorts headers, or query parameters: by name, by what the caller called it,
// by value. Not with slices.SortFunc: package sort is in every program that has
// net/http, where a generic sort would be compiled once more, at 30 KB.
func (c *canonicalizer) sort(pairs []pair) {
	c.sorting = pairs
	sort.Sort(byName{c})
	c.sorting = nil
}

// byName is the order of the pairs that are being sorted. It is one pointer, which
// an interface holds without an allocation.
type byName struct{ *canonicalizer }

func (s byName) Len() int      { return len(s.sorting) }
func (s byName) Swap(i, j int) { s.sorting[i], s.sorting[j] = s.sorting[j], s.sorting[i] }

func (s byName) Less(i, j int) bool {
	a, b := &s.sorting[i], &s.sorting[j]
	if order := bytes.Compare(s.at(a.name), s.at(b.name)); order != 0 {
		return order < 0
	}
	if a.key != b.key {
		return a.key < b.key
	}
	return bytes.Compare(s.at(a.value), s.at(b.value)) < 0
}

// repeats tells whether header i has the name of the one before it.
func (c *canonicalizer) repeats(i int) bool {
	return i > 0 && bytes.Equal(c.at(c.headers[i].name), c.at(c.headers[i-1].name))
}

func (c *canonicalizer) at(s span) []byte { return c.text[s.start:s.end] }

// signature returns the hexadecimal signature of the canonical request in
// c.out, as a slice of c.out.
func (c *canonicalizer) signature(key *signingKey, date string) []byte {
	c.sum = sha256.Sum256(c.out)
	start := len(c.out)
	c.out = append(c.out, algorithm+"\n"...)
	c.out = append(c.out, date...)
	c.out = append(c.out, '\n')
	c.out = key.appendScope(c.out)
	c.out = append(c.out, '\n')
	c.out = hex.AppendEncode(c.out, c.sum[:])
	sum := key.mac(c.sum[:0], c.out[start:])
	start = len(c.out)
	c.out = hex.AppendEncode(c.out, sum)
	return c.out[start:]
}

// authorization returns the X-Amz-Date and Authorization headers for the
// canonical request.
func (c *canonicalizer) authorization(key *signingKey, date string) (authDate, authorization string) {
	signature := c.signature(key, date)
	start := len(c.out)
	c.out = append(c.out, algorithm+" Credential="...)
	c.out = append(c.out, key.accessKeyID...)
	c.out = append(c.out, '/')
	c.out = key.appendScope(c.out)
	c.out = append(c.out, ", SignedHeaders="...)
	c.out = append(c.out, c.out[c.signed.start:c.signed.end]...)
	c.out = append(c.out, ", Signature="...)
	c.out = append(c.out, signature...)
	c.out = append(c.out, date...)
	text := string(c.out[start:]) // both in one allocation
	end := len(text) - len(date)
	return text[end:], text[:end]
}

// errQuery names no part of the query, which may hold a caller's data.
var errQuery = errors.New("sigv4: the query holds a % that is not followed by two hexadecimal digits")
