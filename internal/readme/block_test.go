package readme_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/readme"
)

func TestBlocksAreFoundInEveryMarkdownFile(t *testing.T) {
	const block = "```go\nreturn nil\n```\n"
	blocks, err := readme.Blocks(fstest.MapFS{
		"README.md":                   {Data: []byte("# Title\n\n" + block)},
		"docs/deep/page.md":           {Data: []byte(block)},
		"docs/page.txt":               {Data: []byte(block)},
		".hidden/page.md":             {Data: []byte(block)},
		"docs/node_modules/x/page.md": {Data: []byte(block)},
	})
	require.NoError(t, err)
	require.Equal(t, []readme.Block{
		{File: "README.md", Line: 4, Module: ".", Code: "return nil\n"},
		{File: "docs/deep/page.md", Line: 2, Module: ".", Code: "return nil\n"},
	}, blocks)
}

func TestFences(t *testing.T) {
	for name, test := range map[string]struct {
		markdown string
		code     []string
	}{
		"no code":                   {"Text with `go` and ```go inline```.\n", nil},
		"other languages":           {"```sh\ngo test\n```\n```\nx\n```\n```golden\nx\n```\n", nil},
		"Go among others":           {"```sh\nx\n```\n```go\na\n```\n```text\ny\n```\n```go\nb\n```\n", []string{"a\n", "b\n"}},
		"indented in a list":        {"1. item\n\n   ```go\n   a\n   ```\n", []string{"   a\n"}},
		"tildes":                    {"~~~go\na\n~~~\n", []string{"a\n"}},
		"a fence within a fence":    {"````go\na\n```\nb\n````\n", []string{"a\n```\nb\n"}},
		"shown, not meant":          {"````markdown\n```go\na\n```\n````\n", nil},
		"a longer fence at the end": {"```go\na\n`````\n", []string{"a\n"}},
		"upper case, more words":    {"```Go title=\"x\"\na\n```\n", []string{"a\n"}},
		"carriage returns":          {"```go\r\na\r\n```\r\n", []string{"a\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			blocks, err := readme.Blocks(fstest.MapFS{"page.md": {Data: []byte(test.markdown)}})
			require.NoError(t, err)
			var code []string
			for _, b := range blocks {
				code = append(code, b.Code)
			}
			require.Equal(t, test.code, code)
		})
	}
}

func TestABlockWithoutAnEndIsAnError(t *testing.T) {
	_, err := readme.Blocks(fstest.MapFS{"page.md": {Data: []byte("Text\n```go\na\n")}})
	require.EqualError(t, err, "page.md:2: the block has no end")
}

func TestABlockNamesItsModule(t *testing.T) {
	blocks, err := readme.Blocks(fstest.MapFS{"page.md": {Data: []byte("" +
		"```go\n// module: invoke/awsconfig\na\n```\n" +
		"```go\na\n// module: invoke/awsconfig\n```\n")}})
	require.NoError(t, err)
	require.Len(t, blocks, 2)
	require.Equal(t, blocks[:1], readme.Of("invoke/awsconfig", blocks))
	require.Equal(t, blocks[1:], readme.Of(readme.Root, blocks))
}
