package features_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	_ "github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig" // the programs import it: this keeps it in go.mod
)

// symbols returns the names of all that is linked into a feature's program.
func symbols(t *testing.T, f features.Feature) []string {
	t.Helper()
	path, err := f.Build(t.Context(), t.TempDir(), "")
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "go", "tool", "nm", path).Output()
	require.NoError(t, err)
	var names []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) >= 3 { // address, kind, name; none of what is undefined
			names = append(names, strings.Join(fields[2:], " "))
		}
	}
	require.Contains(t, names, "main.main")
	return names
}

// linked returns the first symbol that begins with mark.
func linked(names []string, mark string) string {
	for _, name := range names {
		if strings.HasPrefix(name, mark) {
			return name
		}
	}
	return ""
}

func TestAProgramLinksNothingOfWhatItDoesNotUse(t *testing.T) {
	names := symbols(t, features.Plain())
	for _, f := range features.All() {
		for _, mark := range f.Marks {
			require.Empty(t, linked(names, mark), f.Name)
		}
	}
	// What the client does without altogether.
	for _, mark := range []string{"text/template.", "html/template.", "regexp.", "encoding/xml.", "flag.", "testing.", "go/", "expvar."} {
		require.Empty(t, linked(names, mark), mark)
	}
}

func TestAFeatureIsFoundWhereItIsUsed(t *testing.T) {
	for _, f := range features.All() {
		t.Run(f.Name, func(t *testing.T) {
			names := symbols(t, f)
			for _, mark := range f.Marks {
				require.NotEmpty(t, linked(names, mark), mark)
			}
		})
	}
}
