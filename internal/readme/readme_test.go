package readme_test

import (
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	// Whatever changes in the packages that the blocks are about, these tests
	// have to run again: without these imports, go test takes old results.
	_ "github.com/lambda-invoke/lambda-invoke-go/errors"
	_ "github.com/lambda-invoke/lambda-invoke-go/invoke"
	_ "github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	_ "github.com/lambda-invoke/lambda-invoke-go/retry"
	_ "github.com/lambda-invoke/lambda-invoke-go/transport"

	"github.com/lambda-invoke/lambda-invoke-go/internal/readme"
)

const root = "../.."

func repositoryBlocks(t *testing.T) []readme.Block {
	t.Helper()
	blocks, err := readme.Blocks(os.DirFS(root))
	require.NoError(t, err)
	return blocks
}

func TestTheREADMEShowsAProgramFirst(t *testing.T) {
	var files []string
	for _, b := range repositoryBlocks(t) {
		if files = append(files, b.File); b.File == "README.md" {
			require.Regexp(t, `^package main\n`, b.Code)
			return
		}
	}
	require.Contains(t, files, "README.md", "no Go in it")
}

func TestGoInMarkdownCompiles(t *testing.T) {
	require.NoError(t, readme.Compile(root, readme.Of(readme.Root, repositoryBlocks(t))))
}

func TestGoOfOtherModulesIsCompiledByTheirTests(t *testing.T) {
	for _, b := range repositoryBlocks(t) {
		if b.Module == readme.Root {
			continue
		}
		test, err := fs.ReadFile(os.DirFS(root), path.Join(b.Module, "readme_test.go"))
		require.NoError(t, err, "%s:%d", b.File, b.Line)
		require.Contains(t, string(test), "readme.Compile(", "%s:%d", b.File, b.Line)
		require.Contains(t, string(test), `readme.Of("`+b.Module+`"`, "%s:%d", b.File, b.Line)
	}
}
