package wire_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

func TestAPreludeIsReadInEveryForm(t *testing.T) {
	for text, want := range map[string]wire.Prelude{
		`{}`: {StatusCode: 200, Header: http.Header{}},
		` {"statusCode":201,"headers":{"content-type":"text/html","X-Count":7,"x-on":true,"x-none":null},"cookies":["a=1; Path=/","b=2"]} `: {
			StatusCode: 201,
			Header:     http.Header{"Content-Type": {"text/html"}, "X-Count": {"7"}, "X-On": {"true"}},
			Cookies:    []string{"a=1; Path=/", "b=2"},
		},
		`{"multiValueHeaders":{"Vary":["a","b"],"x-a":"c"},"headers":{"vary":"b","x-b":["d"]},"statusCode":"404","other":[{}]}`: {
			StatusCode: 404,
			Header:     http.Header{"Vary": {"a", "b"}, "X-A": {"c"}, "X-B": {"d"}},
		},
		`{"statusCode":null,"headers":null,"cookies":null}`: {StatusCode: 200, Header: http.Header{}},
		`{"headers":{"x-t":"é\t失"},"cookies":"a=1"}`:        {StatusCode: 200, Header: http.Header{"X-T": {"é\t失"}}, Cookies: []string{"a=1"}},
	} {
		got, problem := wire.ReadPrelude([]byte(text))
		require.Empty(t, problem, text)
		require.Equal(t, want, got, text)
	}
}

func TestAHostilePreludeIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		``:                           "not a JSON object",
		`[]`:                         "not a JSON object",
		`{"statusCode":200`:          "not a JSON object",
		`{"statusCode":200}{}`:       "not a JSON object",
		`{"statusCode":99}`:          "status code",
		`{"statusCode":1000}`:        "status code",
		`{"statusCode":2e2}`:         "status code",
		`{"statusCode":{}}`:          "status code",
		`{"headers":[]}`:             "headers",
		`{"headers":"a"}`:            "headers",
		`{"headers":{"":"a"}}`:       "name of a header",
		`{"headers":{"a b":"a"}}`:    "name of a header",
		`{"headers":{"a\r\nb":"a"}}`: "name of a header",
		`{"headers":{"x":"a\r\nSet-Cookie: b=1"}}`:                                   "value of a header",
		`{"headers":{"x":{}}}`:                                                       "value of a header",
		`{"headers":{"x":[null]}}`:                                                   "value of a header",
		`{"headers":{"x":["a","b\u0000"]}}`:                                          "value of a header",
		`{"multiValueHeaders":{"x":["a\u007f"]}}`:                                    "value of a header",
		`{"cookies":["a=1\r\nX: y"]}`:                                                "a cookie",
		`{"cookies":[["a=1"]]}`:                                                      "a cookie",
		`{"cookies":[` + strings.Repeat(`"",`, 2000) + `""]}`:                        "too many",
		`{"headers":{` + strings.Join(names(2000), ",") + `}}`:                       "too many",
		`{"headers":{"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000): "not a JSON object",
	} {
		got, problem := wire.ReadPrelude([]byte(text))
		require.Contains(t, problem, want, text[:min(len(text), 100)])
		require.Zero(t, got)
	}
}

// names are n members of a JSON object.
func names(n int) (all []string) {
	for i := range n {
		all = append(all, `"`+strings.Repeat("x", i+1)+`":""`)
	}
	return all
}

func FuzzReadPrelude(f *testing.F) {
	for _, text := range []string{
		`{"statusCode":201,"headers":{"a":"b","c":[1,true]},"multiValueHeaders":{"a":["b"]},"cookies":["a=1"]}`, `{}`, `{"headers":{"\u0061":null}}`, `[`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, problem := wire.ReadPrelude(text)
		if problem != "" {
			require.Zero(t, got)
			return
		}
		require.GreaterOrEqual(t, got.StatusCode, 100)
		require.LessOrEqual(t, got.StatusCode, 999)
		require.NotNil(t, got.Header)
		values := got.Cookies
		for name, some := range got.Header {
			require.Equal(t, http.CanonicalHeaderKey(name), name)
			values = append(values, some...)
		}
		for _, value := range values {
			require.False(t, strings.ContainsAny(value, "\r\n\x00"), "%q", value)
		}
	})
}
