package readme

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
)

// Compile checks blocks as the compiler does, in the module at dir. The error
// names all that is wrong, each with its place in the Markdown.
func Compile(dir string, blocks []Block) error {
	files := token.NewFileSet()
	var sources []source
	var imports []string
	var wrong []error
	for _, b := range blocks {
		s, err := b.source(files)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		sources = append(sources, s)
		imports = append(imports, s.imports()...)
	}
	slices.Sort(imports)
	packages, err := export(dir, slices.Compact(imports))
	if err != nil {
		return errors.Join(append(wrong, err)...)
	}
	from := importer.ForCompiler(files, "gc", packages.open)
	for _, s := range sources {
		wrong = append(wrong, s.check(files, from))
	}
	return errors.Join(wrong...)
}

// check checks the types of a file.
func (s source) check(files *token.FileSet, from types.Importer) error {
	var wrong []error
	config := types.Config{
		Importer: from,
		Error: func(err error) {
			// Soft is what has no bearing on meaning: something is not used.
			if te := (types.Error{}); s.program || !errors.As(err, &te) || !te.Soft {
				wrong = append(wrong, err)
			}
		},
	}
	_, _ = config.Check(s.file.Name.Name, files, []*ast.File{s.file}, nil) // told to Error
	return errors.Join(wrong...)
}

// exports are compiled packages, by import path.
type exports map[string]listed

// listed is what "go list" says of a package.
type listed struct {
	ImportPath, Export string
	Error              *struct{ Err string }
}

// export compiles packages in the module at dir.
func export(dir string, imports []string) (exports, error) {
	packages := make(exports)
	if len(imports) == 0 {
		return packages, nil
	}
	list := exec.Command("go", append([]string{"list", "-e", "-export", "-json=ImportPath,Export,Error", "--"}, imports...)...)
	list.Dir = dir
	var stderr bytes.Buffer
	list.Stderr = &stderr
	stdout, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	for d := json.NewDecoder(bytes.NewReader(stdout)); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Export == "" && p.Error == nil { // what the compiler says is not in the list
			return nil, fmt.Errorf("package %s does not compile:\n%s", p.ImportPath, stderr.Bytes())
		}
		packages[p.ImportPath] = p
	}
	return packages, nil
}

func (e exports) open(path string) (io.ReadCloser, error) {
	p := e[path]
	if p.Error != nil {
		return nil, errors.New(p.Error.Err)
	}
	return os.Open(p.Export)
}
