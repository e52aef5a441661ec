package payload

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

// Kind is what is wrong with a payload.
type Kind int

// The kinds of problem. The zero value is None.
const (
	None          Kind = iota // nothing was found
	ByteOrderMark             // UTF-8 text that begins with a byte order mark
	UTF16                     // text in UTF-16
	Compressed                // gzip
	NotUTF8                   // a byte that is not UTF-8
	NotJSON                   // UTF-8, but not JSON
	Base64                    // base64 of JSON, in quotes or not
	DoubleEncoded             // a JSON string that holds JSON
)

// Problem is what is wrong with a payload. The zero value says that nothing was found.
type Problem struct {
	Kind   Kind
	Offset int // of the first byte that is wrong, counted from 0; the payload's length where it ends too early

	detail string // what is wrong, a colon, and why or what to do
}

// Invalid reports whether the payload is no JSON text in UTF-8 at all, so that every managed runtime refuses it. A DoubleEncoded payload,
// or base64 in quotes, is valid JSON which is probably not what the function expects.
func (p Problem) Invalid() bool {
	switch p.Kind {
	case None, DoubleEncoded:
		return false
	case Base64:
		return p.detail != quotedBase64
	}
	return true
}

// quotedBase64 is the detail of a Base64 problem in a payload that is valid JSON.
const quotedBase64 = "is a JSON string with base64 of JSON: send the JSON itself"

// Check returns what is wrong with payload. An empty payload is fine: the service gives the function an empty event.
func Check(payload []byte) Problem {
	if len(payload) == 0 {
		return Problem{}
	}
	if p := checkEncoding(payload); p.Kind != None {
		return p
	}
	value, ok := jsonvalue.Parse(payload)
	if !ok {
		if isBase64OfJSON(bytes.TrimSpace(payload)) {
			return Problem{Kind: Base64, detail: "is base64 of JSON: send the JSON itself"}
		}
		return syntaxProblem(payload)
	}
	text, ok := value.Text()
	switch {
	case !ok:
		return Problem{}
	case isDocument([]byte(text)):
		return Problem{Kind: DoubleEncoded, Offset: bytes.IndexByte(payload, '"'), detail: "is a JSON string that holds JSON: it was encoded twice"}
	case isBase64OfJSON([]byte(text)):
		return Problem{Kind: Base64, Offset: bytes.IndexByte(payload, '"'), detail: quotedBase64}
	}
	return Problem{}
}

// checkEncoding finds what keeps payload from being UTF-8 text.
func checkEncoding(payload []byte) Problem {
	switch {
	case hasPrefix(payload, "\xef\xbb\xbf"):
		return Problem{Kind: ByteOrderMark, detail: "begins with a UTF-8 byte order mark: leave its three bytes out"}
	case hasPrefix(payload, "\xff\xfe"), hasPrefix(payload, "\xfe\xff"), hasPrefix(payload, "{\x00"), hasPrefix(payload, "\x00{"),
		hasPrefix(payload, "[\x00"), hasPrefix(payload, "\x00["):
		return Problem{Kind: UTF16, detail: "is UTF-16: encode it as UTF-8"}
	case hasPrefix(payload, "\x1f\x8b"):
		return Problem{Kind: Compressed, detail: "is compressed with gzip: send the JSON itself"}
	}
	offset := invalidUTF8(payload)
	if offset < 0 {
		return Problem{}
	}
	p := Problem{Kind: NotUTF8, Offset: offset}
	if rest := payload[offset:]; !utf8.FullRune(rest) {
		p.detail = "is not UTF-8: it ends within a character"
	} else {
		p.detail = "is not UTF-8: byte 0x" + hex(rest[0])
	}
	return p
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, -1 if all are.
func invalidUTF8(payload []byte) int {
	for at := 0; at < len(payload); {
		if payload[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, size := utf8.DecodeRune(payload[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// syntaxProblem says why payload, which is UTF-8, is not JSON.
func syntaxProblem(payload []byte) Problem {
	offset, _ := jsonvalue.Check(payload)
	p := Problem{Kind: NotJSON, Offset: offset, detail: "is not JSON: unexpected character"}
	if offset == len(payload) {
		p.detail = "is not JSON: it ends before the value does"
		if isBlank(payload) {
			p.detail = "is not JSON: it is white space only"
		}
		return p
	}
	switch b := payload[offset]; {
	case isValue(payload[:offset]):
		p.detail = "is not JSON: more text follows the value"
	case b < ' ':
		p.detail = "is not JSON: a control character, which a JSON string has to escape"
	case b == '\'':
		p.detail = "is not JSON: a single quote where JSON has double quotes"
	case isLetter(b) && isBlank(payload[:offset]):
		p.detail = "is not JSON: text that is not in double quotes"
	}
	return p
}

func isValue(data []byte) bool {
	_, ok := jsonvalue.Parse(data)
	return ok
}

// isDocument reports whether data is a JSON object or array.
func isDocument(data []byte) bool {
	value, ok := jsonvalue.Parse(data)
	return ok && (value[0] == '{' || value[0] == '[')
}

// isBase64OfJSON reports whether text is base64, in any of its common alphabets, of a JSON object or array.
func isBase64OfJSON(text []byte) bool {
	// A document begins with a brace, a bracket or white space, which leaves these first letters.
	if len(text) < 3 || bytes.IndexByte([]byte("eWIDCe"), text[0]) < 0 {
		return false
	}
	text = bytes.TrimRight(text, "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	decoded := make([]byte, encoding.DecodedLen(len(text)))
	n, err := encoding.Decode(decoded, text) // which passes over line feeds
	return err == nil && isDocument(decoded[:n])
}

func hasPrefix(payload []byte, prefix string) bool { return bytes.HasPrefix(payload, []byte(prefix)) }

func isBlank(data []byte) bool { return len(bytes.TrimLeft(data, " \t\r\n")) == 0 }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' || b >= utf8.RuneSelf }
