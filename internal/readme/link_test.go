package readme_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/readme"
)

// checkLinks checks a page in docs that has a heading "Here", beside other files.
func checkLinks(markdown string) error {
	return readme.CheckLinks(fstest.MapFS{
		"README.md":      {Data: []byte("# Title\n")},
		"docs/page.md":   {Data: []byte("# Here\n" + markdown + "\n")},
		"docs/a b.svg":   {},
		"docs/deep/x.go": {},
	})
}

func TestLinksThatLeadSomewhere(t *testing.T) {
	for name, markdown := range map[string]string{
		"file":                    "[x](deep/x.go)",
		"folder":                  "[x](deep), [x](deep/), [x](..)",
		"page above":              "[x](../README.md)",
		"from the root":           "[x](/docs/deep/x.go)",
		"heading of the page":     "[x](#here)",
		"heading of another":      "[x](../README.md#title \"Title\")",
		"line of a file":          "[x](deep/x.go#L7)",
		"escaped":                 "![x](a%20b.svg), [x](<a%20b.svg>)",
		"other site":              "[x](https://example.com/nowhere#here), <https://example.com>, [x](mailto:a@example.com)",
		"text over two lines":     "[x\ny](deep)",
		"definition":              "[x][1]\n\n[1]: deep/x.go",
		"HTML":                    "<source srcset=\"a%20b.svg\"><a href=\"deep\">x</a>",
		"code that looks like it": "`f[int](nowhere)`\n```go\nf[int](nowhere)\n```",
	} {
		t.Run(name, func(t *testing.T) { require.NoError(t, checkLinks(markdown)) })
	}
}

func TestLinksThatLeadNowhereAreTold(t *testing.T) {
	for name, test := range map[string]struct{ markdown, err string }{
		"file":               {"Text\n[x](deep/y.go)", "docs/page.md:3: link to deep/y.go: no such file or folder"},
		"above the root":     {"[x](../../issues)", "docs/page.md:2: link to ../../issues: no such file or folder"},
		"not from the root":  {"[x](docs/deep)", "docs/page.md:2: link to docs/deep: no such file or folder"},
		"heading":            {"[x](#there)", "docs/page.md:2: link to #there: no such heading"},
		"heading of another": {"[x](../README.md#here)", "docs/page.md:2: link to ../README.md#here: no such heading"},
		"case of a heading":  {"[x](#Here)", "docs/page.md:2: link to #Here: no such heading"},
		"heading in code":    {"```sh\n# there\n```\n[x](#there)", "docs/page.md:5: link to #there: no such heading"},
		"behind code":        {"[`x`](y)", "docs/page.md:2: link to y: no such file or folder"},
		"definition":         {"[1]: y", "docs/page.md:2: link to y: no such file or folder"},
		"HTML":               {"<img src=\"y.svg\">", "docs/page.md:2: link to y.svg: no such file or folder"},
		"all of them":        {"[x](y), [x](z)", "docs/page.md:2: link to y: no such file or folder\ndocs/page.md:2: link to z: no such file or folder"},
	} {
		t.Run(name, func(t *testing.T) { require.EqualError(t, checkLinks(test.markdown), test.err) })
	}
}

func TestHeadingsHaveTheNamesThatGitHubGivesThem(t *testing.T) {
	for heading, anchor := range map[string]string{
		"## Did it run?":                 "did-it-run",
		"### A call's way, through":      "a-calls-way-through",
		"## `Map` & `Call`":              "map--call",
		"## [Unreleased]":                "unreleased",
		"## The [guard](deep/x.go) ##":   "the-guard",
		"## AWS_REGION, 43 Ausnahmen: Ä": "aws_region-43-ausnahmen-ä",
		"## Here":                        "here-1", // is on the page already
	} {
		require.NoError(t, checkLinks(heading+"\n[x](#"+anchor+")"), heading)
	}
}

func TestLinksOfTheRepositoryLeadSomewhere(t *testing.T) {
	require.NoError(t, readme.CheckLinks(os.DirFS(root)))
}

func TestEveryExampleIsInTheIndex(t *testing.T) {
	index, err := os.ReadFile(root + "/examples/README.md")
	require.NoError(t, err)
	examples, err := os.ReadDir(root + "/examples")
	require.NoError(t, err)
	for _, e := range examples {
		if e.IsDir() {
			require.Contains(t, string(index), "| ["+e.Name()+"]("+e.Name()+") |")
		}
	}
}
