package jsonvalue_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

func nested(opening, closing string, depth int) string {
	return strings.Repeat(opening, depth) + strings.Repeat(closing, depth)
}

// values are JSON, or nearly so.
var values = []string{
	`true`, `false`, `null`, `tru`, `nul`, `True`, `truex`, `fals`, `t`,
	`0`, `-0`, `12`, `-12.50`, `1e9`, `1E+9`, `0.5e-07`, `01`, `-`, `+1`, `.5`, `1.`, `1.e1`, `1e`, `1e+`, `--1`, `0x1`, `1.5.2`, `-a`, `NaN`,
	`""`, `"a"`, `"`, `"a`, `"\"`, `"\""`, `'a'`, "\"\n\"", "\"\x00\"", "\"\x1f\"", "\"\x7f\"", `"a""b"`,
	`"\b\f\n\r\t\"\\\/"`, `"\a"`, `"\'"`, `"\x41"`, `"\U0041"`, `"\u0041"`, `"\u00e9\u00E9"`, `"\u004"`, `"\u00g1"`, `"\u"`, `"\u0000"`,
	`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, `"\ud83d\ud83d\ude00"`, `"\ud83dx"`, `"\ud83d\n"`, `"\ud83d\u0041"`, `"\uD83D\uDE0"`, `"\ufffd"`,
	`"é失😀"`, "\"\xff\"", "\"a\xffb\\n\"", "\"\xc3\"", "\"\xe5\xa4\"", "\"\xed\xa0\x80\"", "\"" + strings.Repeat("\xff", 100) + "\\n\"", "\xff",
	`{}`, `{ }`, `{"a":1}`, ` { "a" : 1 , "b" : [ ] } `, "\t{\r\n\"a\":\n1}\n", "\v{}", "\u00a0{}", "{}\x00", "\x00",
	`{"a":1,"a":2}`, `{"":""}`, `{"\u0061\n":1,"` + "\xff" + `":2}`, `{"a":{"b":{"c":[1,{"d":null}]}},"e":"f"}`,
	`{"a":1,}`, `{,"a":1}`, `{"a":1,,"b":2}`, `{"a":1 "b":2}`, `{"a"}`, `{"a":}`, `{"a",1}`, `{"a" 1}`, `{"a"::1}`, `{a:1}`, `{1:2}`, `{"a":1]`, `{"a":1]}`,
	`{"a":1,"b":tru`, `{"a":1,"b":12`, `{"a":1,"b":"cut`, `{"a":1,"b":[1,2`, `{"a":1,"b`, `{"a":1,"b"`, `{"a":1,"b":`, `{"a":1,`, `{"a":1`, `{"a"`, `{`,
	`{"a":1x,"b":2}`, `{"a":"b"x}`, `{"a":{"b":1x},"c":2}`, `{"a":{}}}`, `{"a":1}{"b":2}`, `{"a":1} x`, `{"a":[}`, `{"a":{]}`, `{"\x":1}`, "{\"\n\":1}",
	`[]`, `[ ]`, `[1]`, ` [ 1 , "a" , null , [ ] , {} ] `, `[1,]`, `[,1]`, `[1,,2]`, `[1 2]`, `[1:2]`, `[1}`, `[1,2`, `[1,"a`, `[`, `]`, `[]]`, `[01]`, `[1.]`,
	`[[1,[2,{"a":[]}]],3]`, `[{"a":1,"b"}]`, `[{"a":1},{"a" 1}]`, `[{],1]`, `}`, `:`, `,`, ``, ` `,
	nested("[", "]", 31), nested("[", "]", 33), nested("[", "}", 33), nested(`{"a":[`, `]}`, 40), nested("[", "]", 33)[1:],
	nested("[", "]", 10000), nested("[", "]", 10001), nested("[", "]", 10002), nested("[", "", 10000), nested("[", "", 1<<20),
	nested(`{"a":`, `}`, 10000), nested(`{"a":[`, `]}`, 5000), nested(`{"a":[`, `]}`, 5001), nested(`{"a":`, ``, 1<<18),
}

func TestEverythingIsReadAsEncodingJSONReadsIt(t *testing.T) {
	for _, data := range values {
		requireSame(t, []byte(data))
	}
}

// requireSame checks all that this package says of data.
func requireSame(t *testing.T, data []byte) {
	t.Helper()
	shown := data[:min(len(data), 100)]

	value, valid := jsonvalue.Parse(data)
	require.Equal(t, json.Valid(data), valid, "%q", shown)
	if valid {
		require.Equal(t, strings.Trim(string(data), " \t\r\n"), string(value), "%q", shown)
		requireSameText(t, value)
	} else {
		require.Nil(t, value, "%q", shown)
	}

	offset, valid := jsonvalue.Check(data)
	require.Equal(t, value != nil, valid, "%q", shown)
	require.Equal(t, expectedOffset(data), offset, "%q", shown)

	members, elements := found(data)
	wantMembers, wantElements := expected(data)
	require.Equal(t, wantMembers, members, "%q", shown)
	require.Equal(t, wantElements, elements, "%q", shown)
	for _, v := range append(members, elements...) {
		requireSameText(t, jsonvalue.Value(v.value))
	}

	begins, _ := json.NewDecoder(strings.NewReader(string(data))).Token()
	require.Equal(t, begins == json.Delim('{'), jsonvalue.IsObject(data), "%q", shown)
}

// requireSameText checks the string that value is, or is not.
func requireSameText(t *testing.T, value jsonvalue.Value) {
	t.Helper()
	var want string
	isText := json.Unmarshal(value, &want) == nil && string(value) != "null"
	got, ok := value.Text()
	require.Equal(t, isText, ok, "%q", value)
	require.Equal(t, want, got, "%q", value)
}

func TestTextOfWhatWasNotParsed(t *testing.T) {
	for _, v := range values {
		want := ""
		isText := strings.HasPrefix(v, `"`) && json.Unmarshal([]byte(v), &want) == nil
		got, ok := jsonvalue.Value(v).Text()
		require.Equal(t, isText, ok, "%q", v[:min(len(v), 100)])
		require.Equal(t, want, got)
	}
	_, ok := jsonvalue.Value(nil).Text()
	require.False(t, ok)
}

func TestACallerMayStopAnywhere(t *testing.T) {
	for stop := range 3 {
		seen := ""
		for name, value := range jsonvalue.Members([]byte(`{"a":1,"b":2,"c":3}`)) {
			seen += fmt.Sprintf("%s=%s ", name, value)
			if len(seen) > stop*4 {
				break
			}
		}
		require.Equal(t, "a=1 b=2 c=3 "[:4*(stop+1)], seen)
	}
	for value := range jsonvalue.Elements([]byte(`[1,2]`)) {
		require.Equal(t, "1", string(value))
		break
	}
}

func TestNothingIsCopiedButText(t *testing.T) {
	data := []byte(`{"one":"a text as long as errors have, é失","two":[{"a":1},"b",[[[]]],-2.5e1,true],"three":null}`)
	read := func() (n int) {
		for name, value := range jsonvalue.Members(data) {
			if string(name) == "two" {
				for range jsonvalue.Elements(value) {
					n++
				}
			}
		}
		if _, ok := jsonvalue.Parse(data); ok && jsonvalue.IsObject(data) {
			n++
		}
		return n
	}
	require.Equal(t, 6, read())
	require.Zero(t, testing.AllocsPerRun(100, func() { read() }))

	for _, text := range []string{`"a text as long as errors have, é失"`, `"Traceback:\n  File \"app.py\", line 3 \ud83d\ude00"`} {
		value := jsonvalue.Value(text)
		require.Equal(t, 1.0, testing.AllocsPerRun(100, func() { value.Text() }), "the string alone")
	}
}

func FuzzValues(f *testing.F) {
	for _, data := range values {
		if len(data) < 1<<10 {
			f.Add([]byte(data))
		}
	}
	f.Fuzz(requireSame)
}

// FuzzText is about what is between quotes, which FuzzValues seldom gets right.
func FuzzText(f *testing.F) {
	for _, data := range values {
		if text, ok := strings.CutPrefix(data, `"`); ok {
			f.Add([]byte(strings.TrimSuffix(text, `"`)))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		requireSame(t, fmt.Appendf(nil, `"%s"`, text))
		requireSame(t, fmt.Appendf(nil, `{"%s":["%[1]s"]}`, text))
	})
}
