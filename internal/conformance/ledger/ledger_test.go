package ledger_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/ledger"
)

func TestEveryLineHasTheTestThatShowsIt(t *testing.T) {
	for _, e := range ledger.Equals() {
		require.NotEmpty(t, e.Area)
		requireTest(t, e.Proof)
	}
	for _, d := range ledger.Differences() {
		require.NotEmpty(t, d.Why, d.When)
		requireTest(t, d.Proof)
	}
}

func TestTheREADMEHoldsTheseTables(t *testing.T) {
	have, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	want, err := ledger.Update(t.Context(), string(have))
	require.NoError(t, err)
	require.Equal(t, want, string(have), "run: go run ./cmd/table")
}

// requireTest finds a test, given as package.Name, in the sources beside this package.
func requireTest(t *testing.T, proof string) {
	t.Helper()
	dir, name, ok := strings.Cut(proof, ".")
	require.True(t, ok, proof)
	files, err := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
	require.NoError(t, err)
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range source.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == name {
				return
			}
		}
	}
	require.Fail(t, "no such test", proof)
}
