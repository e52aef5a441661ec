package results

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/indexset"
)

func TestLines(t *testing.T) {
	for name, tc := range map[string]struct{ output, line string }{
		"a number":            {`12`, `{"index":3,"output":12}`},
		"as it came":          {`{"a": [1, "<&>"]}`, `{"index":3,"output":{"a": [1, "<&>"]}}`},
		"over several lines":  {"{\n  \"a\": \"x y\"\r\n}", `{"index":3,"output":{"a":"x y"}}`},
		"nothing":             {"", `{"index":3,"output":null}`},
		"not JSON":            {"a <b>\n", `{"index":3,"output":"a <b>\n","output_encoding":"text"}`},
		"neither JSON nor it": {"\xff\x00", `{"index":3,"output":"/wA=","output_encoding":"base64"}`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.line+"\n", string(AppendOutput(nil, 3, []byte(tc.output))))
			record, ok := parse([]byte(tc.line), '}')
			require.True(t, ok)
			require.Equal(t, Record{Index: 3, Outcome: Done}, record)
		})
	}
	failure := &Failure{Type: "E", Message: "a\n\"b\""}
	for _, mayHaveRun := range []bool{false, true} {
		line := AppendFailure(nil, 4, failure, mayHaveRun)
		require.True(t, json.Valid(line))
		record, ok := parse(line[:len(line)-1], '}')
		require.True(t, ok)
		require.Equal(t, Record{Index: 4, Outcome: OutcomeOf(failure, mayHaveRun), Failure: failure}, record)
	}
}

// open opens the results and returns them with the indexes of their lines.
func open(t *testing.T, path string) (*File, []int) {
	t.Helper()
	var seen []int
	f, err := Open(path, func(r Record) error {
		seen = append(seen, r.Index)
		return nil
	})
	require.NoError(t, err)
	return f, seen
}

func TestAFileIsRepairedAndRewritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results")
	f, seen := open(t, path)
	require.Empty(t, seen)
	require.NoError(t, f.Begin())
	large := strings.Repeat("x", 300_000)
	for i := range 10 {
		written, err := f.Write(AppendOutput(nil, i, fmt.Appendf(nil, "%q", large)))
		require.NoError(t, err)
		require.True(t, written)
	}
	require.NoError(t, f.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)

	for _, end := range []string{`{"index":10,"out`, `{"index":10,"output":1}`, "\x00\x00\x00", "\x00\x00\n{\"index\":11,\"output\":1}\n"} {
		require.NoError(t, os.WriteFile(path, append(whole, end...), 0o600))
		f, seen = open(t, path)
		require.Len(t, seen, 10)
		var drop indexset.Set
		drop.Add(0)
		drop.Add(9)
		require.NoError(t, f.Drop(&drop))
		require.NoError(t, f.Begin())
		_, err = f.Write(AppendOutput(nil, 12, nil))
		require.NoError(t, err)
		require.NoError(t, f.Close())
		f, seen = open(t, path)
		require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 12}, seen)
		require.NoError(t, f.Close())
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)

	require.NoError(t, os.WriteFile(path, append([]byte("hello\n"), whole...), 0o600))
	_, err = Open(path, func(Record) error { return nil })
	require.ErrorContains(t, err, "line 1 is not a result of this program")
}

func FuzzScan(f *testing.F) {
	f.Add(string(AppendOutput(nil, 1, []byte("{}"))) + string(AppendFailure(nil, 2, &Failure{}, true)))
	f.Add("{\"index\":1,\"output\":\x00\n")
	f.Fuzz(func(t *testing.T, text string) {
		last := int64(0)
		size, err := scan(strings.NewReader(text), func(_ Record, from, to int64) error {
			require.Equal(t, last, from)
			last = to
			return nil
		})
		if err == nil {
			require.Equal(t, last, size)
			require.LessOrEqual(t, size, int64(len(text)))
		}
	})
}
