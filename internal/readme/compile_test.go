package readme_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/readme"
)

// compile compiles a block that stands in lines 3 and following of page.md.
func compile(t *testing.T, code string) error {
	t.Helper()
	blocks, err := readme.Blocks(fstest.MapFS{"page.md": {Data: []byte("Text\n```go\n" + code + "\n```\n")}})
	require.NoError(t, err)
	require.Len(t, blocks, 1)
	return readme.Compile(root, blocks)
}

func TestGoodBlocksCompile(t *testing.T) {
	for name, code := range map[string]string{
		"program":                      "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }",
		"program without imports":      "package main\n\nfunc main() {}",
		"program after a comment":      "// A greeting.\npackage main\n\nfunc main() {}",
		"statements":                   "out, err := client.Invoke(ctx, nil)\nif err != nil {\n\treturn err\n}\nfmt.Println(out.Attempts)",
		"statements that return":       "_, err := client.Invoke(ctx, nil)\nreturn err",
		"variables that are not used":  "out, err := client.Invoke(ctx, nil)",
		"a client of its own":          "client, err := invoke.New(invoke.Options{})",
		"declarations":                 "type job struct{ Name string }\n\nvar run = invoke.NewFunc[job, int](client, \"run\")",
		"a test":                       "func TestIt(t *testing.T) { invoketest.NewServer(t) }",
		"imports of its own":           "import \"errors\"\n\nvar errStop = errors.New(\"stop\")",
		"imports with a name":          "import std \"errors\"\n\nvar errStop = std.Join(errors.New(\"stop\"))",
		"a variable named like others": "config := invoke.Options{}\nfmt.Println(config.Region)",
		"nothing":                      "",
	} {
		t.Run(name, func(t *testing.T) { require.NoError(t, compile(t, code)) })
	}
}

func TestBrokenBlocksAreTold(t *testing.T) {
	for name, test := range map[string]struct{ code, where, what string }{
		"unknown member":            {"out, err := client.Invoke(ctx, nil)\nfmt.Println(out.Result)", "page.md:4:", "out.Result undefined"},
		"unknown function":          {"client, err := invoke.Dial(ctx)", "page.md:3:", "undefined: invoke.Dial"},
		"unknown package":           {"x := 1\nlambada.Invoke()", "page.md:4:1:", "undefined: lambada"},
		"wrong type":                {"in := &invoke.InvokeInput{\n\tFunctionName: 17,\n}", "page.md:4:16:", "cannot use 17"},
		"ellipsis":                  {"if true {\n\t...\n}", "page.md:4:", "expected"},
		"missing brace":             {"if true {", "page.md:", "expected"},
		"broken program":            {"package main\n\nfunc main() { undefined() }", "page.md:5:", "undefined: undefined"},
		"unused variable, program":  {"package main\n\nfunc main() { x := 1 }", "page.md:5:", "declared and not used"},
		"unused import, program":    {"package main\n\nimport \"fmt\"\n\nfunc main() {}", "page.md:5:", "imported and not used"},
		"missing import, program":   {"package main\n\nfunc main() { fmt.Println() }", "page.md:5:", "undefined: fmt"},
		"package that is not there": {"package main\n\nimport _ \"example.com/nowhere\"\n\nfunc main() {}", "page.md:5:", "example.com/nowhere"},
		"package of another module": {"opts, err := awsconfig.Load(ctx)", "page.md:3:14:", "undefined: awsconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			err := compile(t, test.code)
			require.ErrorContains(t, err, test.where)
			require.ErrorContains(t, err, test.what)
		})
	}
}

func TestAllBrokenBlocksAreTold(t *testing.T) {
	err := readme.Compile(root, []readme.Block{
		{File: "a.md", Line: 1, Code: "one()"},
		{File: "b.md", Line: 1, Code: "for"},
		{File: "c.md", Line: 1, Code: "fmt.Println()"},
		{File: "d.md", Line: 1, Code: "two()\nthree()"},
	})
	require.ErrorContains(t, err, "a.md:1:1: undefined: one")
	require.ErrorContains(t, err, "b.md:2:1: expected")
	require.ErrorContains(t, err, "d.md:1:1: undefined: two")
	require.ErrorContains(t, err, "d.md:2:1: undefined: three")
	require.NotContains(t, err.Error(), "c.md")
}
