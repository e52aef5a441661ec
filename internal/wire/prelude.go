package wire

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

// PreludeDelimiter stands between the prelude of an HTTP reply in a stream and its body.
const PreludeDelimiter = "\x00\x00\x00\x00\x00\x00\x00\x00"

// Prelude is what a function written for a function URL sends before the body of its reply.
type Prelude struct {
	StatusCode int
	Header     http.Header
	Cookies    []string
}

// maxPreludeValues bounds the header values and cookies of a prelude. Browsers and servers stop far below it.
const maxPreludeValues = 1024

// ReadPrelude reads a prelude, less its delimiter. problem says what is wrong with it, and is "" for a good one.
func ReadPrelude(text []byte) (p Prelude, problem string) {
	value, ok := jsonvalue.Parse(text)
	if !ok || value[0] != '{' {
		return Prelude{}, "it is not a JSON object"
	}
	p = Prelude{StatusCode: http.StatusOK, Header: make(http.Header)}
	var multi jsonvalue.Value
	for name, value := range jsonvalue.Members(value) {
		switch string(name) {
		case "statusCode":
			problem = p.setStatus(value)
		case "headers":
			problem = p.setHeaders(value)
		case "multiValueHeaders":
			multi = value // which replace the values in headers, in whatever order the two come
		case "cookies":
			p.Cookies, problem = texts(value)
		}
		if problem != "" {
			return Prelude{}, problem
		}
	}
	if problem = p.setHeaders(multi); problem != "" {
		return Prelude{}, problem
	}
	return p, ""
}

func (p *Prelude) setStatus(value jsonvalue.Value) (problem string) {
	if isNone(value) {
		return ""
	}
	status, err := strconv.Atoi(strings.Trim(string(value), `"`))
	if err != nil || status < 100 || status > 999 {
		return "its status code is not one of HTTP's"
	}
	p.StatusCode = status
	return ""
}

func (p *Prelude) setHeaders(object jsonvalue.Value) (problem string) {
	if isNone(object) {
		return ""
	}
	if !jsonvalue.IsObject(object) {
		return "its headers are not a JSON object"
	}
	for name, value := range jsonvalue.Members(object) {
		values, problem := texts(value)
		switch {
		case problem != "":
			return problem
		case !isToken(name):
			return "the name of a header is not one of HTTP's"
		case len(p.Header) == maxPreludeValues:
			return "it has too many headers"
		case values != nil:
			p.Header[http.CanonicalHeaderKey(string(name))] = values
		}
	}
	return ""
}

// texts reads a string, a number, a boolean, or an array of these. null is no text.
func texts(value jsonvalue.Value) (all []string, problem string) {
	if isNone(value) {
		return nil, ""
	}
	if value[0] != '[' {
		text, ok := scalar(value)
		if !ok {
			return nil, "the value of a header or a cookie is not text"
		}
		return []string{text}, ""
	}
	for element := range jsonvalue.Elements(value) {
		text, ok := scalar(element)
		switch {
		case !ok:
			return nil, "the value of a header or a cookie is not text"
		case len(all) == maxPreludeValues:
			return nil, "it has too many values"
		}
		all = append(all, text)
	}
	return all, ""
}

// scalar returns the text of a string, a number or a boolean that can stand in a header.
func scalar(value jsonvalue.Value) (text string, ok bool) {
	switch value[0] {
	case '{', '[', 'n':
		return "", false
	case '"':
		text, _ = value.Text()
	default:
		text = string(value)
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\t' || c == 0x7f {
			return "", false
		}
	}
	return text, true
}

// isToken reports whether name can be that of a header.
func isToken(name []byte) bool {
	for _, c := range name {
		if !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return len(name) > 0
}
