package jsonvalue

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the string that v is, its escapes resolved, and U+FFFD for every byte that is not UTF-8 and every half of a surrogate
// pair. ok is false if v is anything else, null among it, or no valid JSON.
func (v Value) Text() (s string, ok bool) {
	c := cursor{data: v}
	if !c.string() || c.at != len(v) {
		return "", false
	}
	if text, ok := v.plain(); ok {
		return string(text), true
	}
	return v.resolved(), true
}

// unquoted is Text for a v that is known to be a valid string, without an allocation if its bytes can be had as they lie.
func (v Value) unquoted() []byte {
	if text, ok := v.plain(); ok {
		return text
	}
	return []byte(v.resolved())
}

// plain returns what is between v's quotes, and whether it stands for itself.
func (v Value) plain() (text []byte, ok bool) {
	text = v[1 : len(v)-1]
	return text, bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text)
}

func (v Value) resolved() string {
	var b strings.Builder
	b.Grow(len(v)) // which invalid UTF-8 alone exceeds
	for rest := v[1 : len(v)-1]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == '\\' {
			r, size = unescape(rest)
		}
		b.WriteRune(r) // U+FFFD for a surrogate
		rest = rest[size:]
	}
	return b.String()
}

// unescape returns what the valid escape that s begins with stands for, and its length.
func unescape(s []byte) (r rune, size int) {
	if i := strings.IndexByte("bfnrt", s[1]); i >= 0 {
		return rune("\b\f\n\r\t"[i]), 2
	}
	if s[1] != 'u' { // a quote, a backslash or a slash
		return rune(s[1]), 2
	}
	r = unit(s)
	if utf16.IsSurrogate(r) && bytes.HasPrefix(s[6:], []byte(`\u`)) {
		if pair := utf16.DecodeRune(r, unit(s[6:])); pair != unicode.ReplacementChar {
			return pair, 12
		}
	}
	return r, 6
}

// unit returns the UTF-16 code unit that the four digits after \u are.
func unit(s []byte) rune {
	n, _ := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n)
}
