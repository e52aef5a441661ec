package readme

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// source is a block as a file of Go.
type source struct {
	file    *ast.File
	program bool
}

// imports are the paths that it imports, those added for a fragment included.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil && p != "unsafe" {
			paths = append(paths, p)
		}
	}
	return paths
}

var packageClause = regexp.MustCompile(`(?m)^\s*package \w+`)

// source parses the block. Positions are those in the Markdown.
func (b Block) source(files *token.FileSet) (source, error) {
	if packageClause.MatchString(b.Code) {
		file, err := b.parse(files, "", "")
		return source{file, true}, err
	}
	// A fragment is declarations or statements. If it is neither, the error of
	// the latter is the one that helps, as that is what most are.
	const fragment = "package fragment;"
	open, end := "", ""
	raw, err := b.parse(files, fragment, end)
	if err != nil {
		open, end = "func _() error {", "return nil }\n"
		if raw, err = b.parse(files, fragment+open, end); err != nil {
			return source{}, err
		}
	}
	file, err := b.parse(files,
		fragment+`import (context_ "context"; invoke_ "`+module+`/invoke";`+missing(raw, known(b.Module))+");"+open,
		end+"var ( ctx context_.Context; client *invoke_.Client )\n")
	return source{file, false}, err
}

// parse parses the block between what goes before, which is a line, and after.
func (b Block) parse(files *token.FileSet, before, after string) (*ast.File, error) {
	line := fmt.Sprintf("//line %s:%d:1\n", b.File, b.Line)
	return parser.ParseFile(files, b.File, line+before+"\n"+line+b.Code+"\n"+after, parser.AllErrors)
}

// missing are the imports for all packages that a fragment uses and does not
// import. A variable that has a package's name adds one that is not used, which
// nobody minds.
func missing(fragment *ast.File, packages map[string]string) string {
	var has, imports []string
	for _, spec := range fragment.Imports {
		if spec.Name != nil {
			has = append(has, spec.Name.Name)
			continue
		}
		has = append(has, path.Base(strings.Trim(spec.Path.Value, `"`)))
	}
	ast.Inspect(fragment, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok || packages[name.Name] == "" || slices.Contains(has, name.Name) {
			return true
		}
		has = append(has, name.Name)
		imports = append(imports, name.Name+" "+strconv.Quote(packages[name.Name])+";")
		return true
	})
	return strings.Join(imports, " ")
}
