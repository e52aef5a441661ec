package printable_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

func TestTextIsOneBoundedLine(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"empty":                       {"", 8, ""},
		"plain":                       {"as it is", 8, "as it is"},
		"only blanks":                 {" \t\r\n ", 8, ""},
		"lines become spaces":         {"\n one\r\n\ttwo \n", 20, "one two"},
		"terminal escapes":            {"\x1b[31mred\x07", 20, "[31mred"},
		"text that turns round":       {"a\u202eb", 20, "a b"},
		"bytes that are not UTF-8":    {"a\xff\xfeb", 20, "a b"},
		"cut":                         {"abcdef", 3, "abc…"},
		"not cut inside a rune":       {"aéé", 4, "aé…"},
		"no blank before the cut":     {"abc def", 4, "abc…"},
		"a blank end is no reason":    {"abc   ", 3, "abc"},
		"no room at all":              {"abc", 0, "…"},
		"runs cost one byte":          {"a" + strings.Repeat(" ", 1000) + "b", 3, "a b"},
		"letters of other languages":  {"функция 失敗", 40, "функция 失敗"},
		"a NUL is not an end to text": {"a\x00b", 3, "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, printable.Text(c.in, c.limit))
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\xff\n\x00\u202e b", 4)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit &= 0xfff
		got := printable.Text(s, limit)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, len(got), limit+len("…"))
		for _, r := range got {
			require.True(t, unicode.IsPrint(r), "%q", got)
		}
		require.Equal(t, strings.TrimSpace(got), got)
	})
}
