package lines_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
)

// all reads an input to its end.
func all(t *testing.T, r *lines.Reader) []lines.Line {
	t.Helper()
	var read []lines.Line
	for {
		line, err := r.Next()
		if err == io.EOF {
			return read
		}
		require.NoError(t, err)
		read = append(read, line)
	}
}

func TestWhatALineIs(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for name, tc := range map[string]struct {
		input    string
		payloads []string // "" for an empty line, "!" for a fault
		fault    string
	}{
		"nothing":                        {"", nil, ""},
		"one":                            {"1\n", []string{"1"}, ""},
		"one without an end":             {"1", []string{"1"}, ""},
		"CRLF":                           {"1\r\n{\"a\":2}\r\n", []string{"1", `{"a":2}`}, ""},
		"empty lines":                    {"1\n\n \n2\n\n", []string{"1", "", "", "2", ""}, ""},
		"a byte order mark":              {"\xef\xbb\xbf1\n2\n", []string{"1", "2"}, ""},
		"longer than a buffer":           {"\"" + long + "\"\n1\n", []string{"\"" + long + "\"", "1"}, ""},
		"not JSON":                       {"1\n{a}\n2\n", []string{"1", "!", "2"}, "not JSON"},
		"not UTF-8":                      {"\"\x97\"\n2\n", []string{"!", "2"}, "not UTF-8"},
		"cut short":                      {"1\n{\"a\":", []string{"1", "!"}, "the input ends in the middle of the line"},
		"cut short in front of its end":  {"1\r", []string{"1"}, ""},
		"longer than what is kept":       {strings.Repeat("1", lines.MaxLength+1) + "\n2\n", []string{"!", "2"}, "longer than 8 MiB"},
		"much longer than what is kept":  {strings.Repeat("1", 2*lines.MaxLength) + "\r\n2\n", []string{"!", "2"}, "longer than 8 MiB"},
		"just as long as what is kept":   {strings.Repeat("1", lines.MaxLength) + "\r\n2\n", []string{strings.Repeat("1", lines.MaxLength), "2"}, ""},
		"a line feed and nothing before": {"\n1\n", []string{"", "1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			read := all(t, lines.NewReader(strings.NewReader(tc.input)))
			require.Len(t, read, len(tc.payloads))
			for i, line := range read {
				require.Equal(t, i, line.Index)
				if tc.payloads[i] == "!" {
					require.ErrorContains(t, line.Fault, tc.fault)
					continue
				}
				require.NoError(t, line.Fault)
				require.True(t, tc.payloads[i] == string(line.Payload), "line %d is %.40q", i, line.Payload)
			}
			if len(read) > 0 {
				require.EqualValues(t, len(tc.input), read[len(read)-1].Bytes)
			}
			again := all(t, lines.NewReader(iotest.HalfReader(strings.NewReader(tc.input))))
			require.True(t, len(again) == len(read) && (len(read) == 0 || again[len(again)-1].Sum == read[len(read)-1].Sum))
		})
	}
}

func TestTheFingerprintIsThatOfTheLines(t *testing.T) {
	read := all(t, lines.NewReader(strings.NewReader("1\n2\n3\n")))
	sum, err := lines.NewReader(strings.NewReader("1\r\n2\r\n9")).Skip(2)
	require.NoError(t, err)
	require.Equal(t, read[1].Sum, sum)
	sum, err = lines.NewReader(strings.NewReader("12\n\n3\n")).Skip(2)
	require.NoError(t, err)
	require.NotEqual(t, read[1].Sum, sum)
	_, err = lines.NewReader(strings.NewReader("1\n")).Skip(2)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)

	parsed, err := lines.ParseSum(sum.String())
	require.NoError(t, err)
	require.Equal(t, sum, parsed)
	for _, text := range []string{"", "12", strings.Repeat("g", 32)} {
		_, err := lines.ParseSum(text)
		require.Error(t, err)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("1\n\r\n\"\x97\"\n{")
	f.Fuzz(func(t *testing.T, input string) {
		read := all(t, lines.NewReader(strings.NewReader(input)))
		ends := strings.Count(input, "\n")
		if input != "" && !strings.HasSuffix(input, "\n") {
			ends++
		}
		require.Len(t, read, ends)
	})
}
