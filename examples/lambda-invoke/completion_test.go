package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompletionKnowsEveryFlag(t *testing.T) {
	for shell, check := range map[string][]string{"bash": {"bash", "-n"}, "zsh": {"zsh", "-n"}, "fish": {"fish", "--no-execute"}} {
		got := run(t, command(t, nil, "completion", shell))
		require.Zero(t, got.status, got.stderr)
		for _, flag := range []string{"payload", "stream", "retry-failed", "max-concurrency", "report"} {
			require.Contains(t, got.stdout, flag, shell)
		}
		require.NotContains(t, got.stdout, "cli-binary-format")
		if _, err := exec.LookPath(check[0]); err == nil { // bash is everywhere, the others where they are
			script := filepath.Join(t.TempDir(), "script")
			require.NoError(t, os.WriteFile(script, []byte(got.stdout), 0o600))
			out, err := exec.Command(check[0], append(check[1:], script)...).CombinedOutput()
			require.NoError(t, err, string(out))
		}
	}
	require.Equal(t, 2, run(t, command(t, nil, "completion", "sh")).status)
	require.Contains(t, run(t, command(t, nil, "completion", "-h")).stdout, "Usage")
}

func TestBashCompletes(t *testing.T) {
	script := run(t, command(t, nil, "completion", "bash")).stdout
	for line, want := range map[string]string{
		"lambda-invoke m":             "map",
		"lambda-invoke -pa":           "-payload",
		"lambda-invoke map -retry":    "-retry-failed",
		"lambda-invoke -retry":        "",
		"lambda-invoke -type E":       "Event",
		"lambda-invoke completion f":  "fish",
		"lambda-invoke map -region x": "",
	} {
		words := strings.Fields(line)
		out, err := exec.Command("bash", append([]string{"-c", script + `
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lambda_invoke; echo "${COMPREPLY[*]}"`, "bash"}, words...)...).CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, want, strings.TrimSpace(string(out)), line)
	}
}
