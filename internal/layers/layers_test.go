package layers_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/lambda-invoke/lambda-invoke-go/"

// layer returns how high a package stands; a package imports only what stands lower, and an internal one or transport also
// what stands beside it.
func layer(path string) int {
	switch {
	case strings.HasPrefix(path, "examples/"), strings.HasPrefix(path, "internal/simulation"): // a test of everything
		return 5
	case strings.HasPrefix(path, "invoke/"):
		return 4
	case path == "invoke":
		return 3
	case path == "retry":
		return 1
	case path == "errors":
		return 0
	}
	return 2 // internal/… and transport
}

// below are the internal packages that errors and retry are made with. They import nothing of the module.
var below = []string{"internal/errtree", "internal/wire/printable"}

func TestImportsGoDownOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, module+"...").Output()
	require.NoError(t, err)
	packages := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], module)
		packages++
		for _, to := range fields[1:] {
			to, own := strings.CutPrefix(to, module)
			if !own || isBelow(to) {
				continue
			}
			require.False(t, isBelow(from), "%s imports %s", from, to)
			beside := layer(from) == layer(to) && (from == "transport" || strings.HasPrefix(from, "internal/"))
			require.True(t, layer(to) < layer(from) || beside, "%s imports %s, which does not stand below it", from, to)
		}
	}
	require.Greater(t, packages, 20)
}

func isBelow(path string) bool {
	for _, p := range below {
		if path == p {
			return true
		}
	}
	return false
}
