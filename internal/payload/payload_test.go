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
	{"Windows-1252", "{\"title\":\"a \x97 b\"}", payload.NotUTF8, 12, "is not UTF-8 at offset 12: byte 0x97"},
	{"Latin-1", "{\"n\":\"\xe9t\xe9\"}", payload.NotUTF8, 6, "is not UTF-8 at offset 6: byte 0xe9"},
	{"half a surrogate pair", "\"\xed\xa0\x80\"", payload.NotUTF8, 1, "is not UTF-8 at offset 1: byte 0xed"},
	{"cut within a character", "{\"n\":\"\xe5\xa4", payload.NotUTF8, 6, "is not UTF-8 at offset 6: it ends within a character"},
	{"binary", "\x00\x01\xff", payload.NotUTF8, 2, "is not UTF-8 at offset 2: byte 0xff"},
	{"gzip", "\x1f\x8b\x08\x00", payload.Compressed, 0, "is compressed with gzip at offset 0: send the JSON itself"},
	{"byte order mark", "\xef\xbb\xbf{}", payload.ByteOrderMark, 0, "begins with a UTF-8 byte order mark at offset 0: leave its three bytes out"},
	{"UTF-16 little endian", "\xff\xfe" + utf16("{}"), payload.UTF16, 0, "is UTF-16 at offset 0: encode it as UTF-8"},
	{"UTF-16 big endian", "\xfe\xff\x00{\x00}", payload.UTF16, 0, "is UTF-16 at offset 0: encode it as UTF-8"},
	{"UTF-16 without a mark", utf16(`{"a":1}`), payload.UTF16, 0, "is UTF-16 at offset 0: encode it as UTF-8"},
	{"UTF-16 array, big endian, without a mark", "\x00[\x00]", payload.UTF16, 0, "is UTF-16 at offset 0: encode it as UTF-8"},

	{"text without quotes", "hello", payload.NotJSON, 0, "is not JSON at offset 0: text that is not in double quotes"},
	{"text that begins as a word", " nothing", payload.NotJSON, 2, "is not JSON at offset 2: unexpected character"},
	{"text in another script", "été", payload.NotJSON, 0, "is not JSON at offset 0: text that is not in double quotes"},
	{"a path", "@event.json", payload.NotJSON, 0, "is not JSON at offset 0: unexpected character"},
	{"quotes that the shell took", "{key: value}", payload.NotJSON, 1, "is not JSON at offset 1: unexpected character"},
	{"Python", "{'key': None}", payload.NotJSON, 1, "is not JSON at offset 1: a single quote where JSON has double quotes"},
	{"quoted for cmd.exe", "'{}'", payload.NotJSON, 0, "is not JSON at offset 0: a single quote where JSON has double quotes"},
	{"trailing comma", `{"a":1,}`, payload.NotJSON, 7, "is not JSON at offset 7: unexpected character"},
	{"NaN", `{"a":NaN}`, payload.NotJSON, 5, "is not JSON at offset 5: unexpected character"},
	{"line feed in a string", "{\"a\":\"b\nc\"}", payload.NotJSON, 7, "is not JSON at offset 7: a control character, which a JSON string has to escape"},
	{"cut off", `{"a":1`, payload.NotJSON, 6, "is not JSON at offset 6: it ends before the value does"},
	{"lines of JSON", "{}\n{}", payload.NotJSON, 3, "is not JSON at offset 3: more text follows the value"},
	{"a form", "a=1&b=2", payload.NotJSON, 0, "is not JSON at offset 0: text that is not in double quotes"},
	{"white space", " \n", payload.NotJSON, 2, "is not JSON at offset 2: it is white space only"},

	{"base64", base64.StdEncoding.EncodeToString([]byte(`{"a":"?>?>"}`)), payload.Base64, 0, "is base64 of JSON at offset 0: send the JSON itself"},
	{"base64 for URLs", base64.RawURLEncoding.EncodeToString([]byte(`{"a":"?>?>"}`)), payload.Base64, 0, "is base64 of JSON at offset 0: send the JSON itself"},
	{"base64 in lines", "eyJh\nIjox\nfQ==\n", payload.Base64, 0, "is base64 of JSON at offset 0: send the JSON itself"},
	{"base64 of an array", base64.StdEncoding.EncodeToString([]byte("\n [1]")), payload.Base64, 0, "is base64 of JSON at offset 0: send the JSON itself"},
	{"base64 in quotes", `"eyJhIjoxfQ=="`, payload.Base64, 0, "is a JSON string with base64 of JSON at offset 0: send the JSON itself"},
	{"base64 of text", base64.StdEncoding.EncodeToString([]byte("no JSON")), payload.NotJSON, 0, "is not JSON at offset 0: text that is not in double quotes"},
	{"encoded twice", ` "{\"a\":1}"`, payload.DoubleEncoded, 1, "is a JSON string that holds JSON at offset 1: it was encoded twice"},
	{"an array encoded twice", `"[1]"`, payload.DoubleEncoded, 0, "is a JSON string that holds JSON at offset 0: it was encoded twice"},
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
