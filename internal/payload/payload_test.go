package payload_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/payload"
)

// utf16 is ASCII text in UTF-16, little endian, without a byte order mark.
func utf16(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString(text[i:i+1] + "\x00")
	}
	return b.String()
}

// problems are payloads that people send, with what is wrong with them.
var problems = []struct {
	name, payload string
	kind          payload.Kind
	offset        int
	text          string
}{
	{"Windows-1252", "{\"title\":\"a \x97 b\"}", payload.NotUTF8, 12, "is not UTF-8: byte 0x97 (at offset 12)"},
	{"Latin-1", "{\"n\":\"\xe9t\xe9\"}", payload.NotUTF8, 6, "is not UTF-8: byte 0xe9 (at offset 6)"},
	{"half a surrogate pair", "\"\xed\xa0\x80\"", payload.NotUTF8, 1, "is not UTF-8: byte 0xed (at offset 1)"},
	{"cut within a character", "{\"n\":\"\xe5\xa4", payload.NotUTF8, 6, "is not UTF-8: it ends within a character (at offset 6)"},
	{"binary", "\x00\x01\xff", payload.NotUTF8, 2, "is not UTF-8: byte 0xff (at offset 2)"},
	{"gzip", "\x1f\x8b\x08\x00", payload.Compressed, 0, "is compressed with gzip: send the JSON itself (at offset 0)"},
	{"byte order mark", "\xef\xbb\xbf{}", payload.ByteOrderMark, 0, "begins with a UTF-8 byte order mark: leave its three bytes out (at offset 0)"},
	{"UTF-16 little endian", "\xff\xfe" + utf16("{}"), payload.UTF16, 0, "is UTF-16: encode it as UTF-8 (at offset 0)"},
	{"UTF-16 big endian", "\xfe\xff\x00{\x00}", payload.UTF16, 0, "is UTF-16: encode it as UTF-8 (at offset 0)"},
	{"UTF-16 without a mark", utf16(`{"a":1}`), payload.UTF16, 0, "is UTF-16: encode it as UTF-8 (at offset 0)"},
	{"UTF-16 array, big endian, without a mark", "\x00[\x00]", payload.UTF16, 0, "is UTF-16: encode it as UTF-8 (at offset 0)"},

	{"text without quotes", "hello", payload.NotJSON, 0, "is not JSON: text that is not in double quotes (at offset 0)"},
	{"text that begins as a word", " nothing", payload.NotJSON, 2, "is not JSON: unexpected character (at offset 2)"},
	{"text in another script", "été", payload.NotJSON, 0, "is not JSON: text that is not in double quotes (at offset 0)"},
	{"a path", "@event.json", payload.NotJSON, 0, "is not JSON: unexpected character (at offset 0)"},
	{"quotes that the shell took", "{key: value}", payload.NotJSON, 1, "is not JSON: unexpected character (at offset 1)"},
	{"Python", "{'key': None}", payload.NotJSON, 1, "is not JSON: a single quote where JSON has double quotes (at offset 1)"},
	{"quoted for cmd.exe", "'{}'", payload.NotJSON, 0, "is not JSON: a single quote where JSON has double quotes (at offset 0)"},
	{"trailing comma", `{"a":1,}`, payload.NotJSON, 7, "is not JSON: unexpected character (at offset 7)"},
	{"NaN", `{"a":NaN}`, payload.NotJSON, 5, "is not JSON: unexpected character (at offset 5)"},
	{"line feed in a string", "{\"a\":\"b\nc\"}", payload.NotJSON, 7, "is not JSON: a control character, which a JSON string has to escape (at offset 7)"},
	{"cut off", `{"a":1`, payload.NotJSON, 6, "is not JSON: it ends before the value does (at offset 6)"},
	{"lines of JSON", "{}\n{}", payload.NotJSON, 3, "is not JSON: more text follows the value (at offset 3)"},
	{"a form", "a=1&b=2", payload.NotJSON, 0, "is not JSON: text that is not in double quotes (at offset 0)"},
	{"white space", " \n", payload.NotJSON, 2, "is not JSON: it is white space only (at offset 2)"},

	{"base64", base64.StdEncoding.EncodeToString([]byte(`{"a":"?>?>"}`)), payload.Base64, 0, "is base64 of JSON: send the JSON itself (at offset 0)"},
	{"base64 for URLs", base64.RawURLEncoding.EncodeToString([]byte(`{"a":"?>?>"}`)), payload.Base64, 0, "is base64 of JSON: send the JSON itself (at offset 0)"},
	{"base64 in lines", "eyJh\nIjox\nfQ==\n", payload.Base64, 0, "is base64 of JSON: send the JSON itself (at offset 0)"},
	{"base64 of an array", base64.StdEncoding.EncodeToString([]byte("\n [1]")), payload.Base64, 0, "is base64 of JSON: send the JSON itself (at offset 0)"},
	{"base64 in quotes", `"eyJhIjoxfQ=="`, payload.Base64, 0, "is a JSON string with base64 of JSON: send the JSON itself (at offset 0)"},
	{"base64 of text", base64.StdEncoding.EncodeToString([]byte("no JSON")), payload.NotJSON, 0, "is not JSON: text that is not in double quotes (at offset 0)"},
	{"encoded twice", ` "{\"a\":1}"`, payload.DoubleEncoded, 1, "is a JSON string that holds JSON: it was encoded twice (at offset 1)"},
	{"an array encoded twice", `"[1]"`, payload.DoubleEncoded, 0, "is a JSON string that holds JSON: it was encoded twice (at offset 0)"},
}

func TestCheckSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range problems {
		t.Run(c.name, func(t *testing.T) {
			p := payload.Check([]byte(c.payload))
			require.Equal(t, c.kind, p.Kind)
			require.Equal(t, c.offset, p.Offset)
			require.Equal(t, c.text, p.String())
			require.Equal(t, !json.Valid([]byte(c.payload)) || !utf8.ValidString(c.payload), p.Invalid())
		})
	}
}

func TestCheckFindsNothingWrongWithJSON(t *testing.T) {
	for _, good := range []string{
		"", `{}`, " [1] ", `null`, `true`, `12`, `"text"`, `"12"`, `"eyJ"`, `"été 😀"`, `"{not JSON}"`, `{"body":"{\"a\":1}"}`, `"` + strings.Repeat("e", 100) + `"`,
	} {
		p := payload.Check([]byte(good))
		require.Equal(t, payload.Problem{}, p, good)
		require.Empty(t, p.String())
		require.False(t, p.Invalid())
	}
}

func TestADiagnosisOfAnySizeIsShortAndQuotesNothing(t *testing.T) {
	const secret = "hunter2"
	for _, p := range []string{
		secret, "'" + secret, `{"password":"` + secret + `",}`, `"{\"` + secret + `\":1}"`, secret + "\xff",
		base64.StdEncoding.EncodeToString([]byte(`{"` + secret + `":1}`)), strings.Repeat(`{"`+secret+`":`, 1<<17),
	} {
		text := payload.Check([]byte(p)).String()
		require.NotEmpty(t, text)
		require.NotContains(t, text, secret)
		require.Less(t, len(text), 120)
	}
}

// FuzzCheck holds every diagnosis against what encoding/json and unicode/utf8 say.
func FuzzCheck(f *testing.F) {
	for _, c := range problems {
		f.Add([]byte(c.payload))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := payload.Check(data)
		require.GreaterOrEqual(t, p.Offset, 0)
		require.LessOrEqual(t, p.Offset, len(data))
		require.Equal(t, p.Kind == payload.None, p.String() == "")
		switch p.Kind {
		case payload.NotUTF8:
			require.True(t, utf8.Valid(data[:p.Offset]))
			require.False(t, utf8.Valid(data))
		case payload.NotJSON:
			require.True(t, utf8.Valid(data))
		}
		valid := json.Valid(data) && utf8.Valid(data) || len(data) == 0
		require.Equal(t, !valid, p.Invalid(), "%q: %s", data, p)
	})
}
