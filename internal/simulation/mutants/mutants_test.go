package mutants_test

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/mutants"
)

func TestEveryMutantFitsTheLibrary(t *testing.T) {
	require.GreaterOrEqual(t, len(mutants.All), 30)
	for _, m := range mutants.All {
		t.Run(m.Name, func(t *testing.T) {
			source, err := m.Source("../../..")
			require.NoError(t, err)
			_, err = parser.ParseFile(token.NewFileSet(), m.File, source, 0)
			require.NoError(t, err)
		})
	}
}
