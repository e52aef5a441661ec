package readme

import "io/fs"

// Root is the module of blocks that name none.
const Root = "."

// Block is a fenced block of Go code.
type Block struct {
	File   string // slash-separated, below the root of the repository
	Line   int    // of the code's first line, from 1
	Module string // the folder of the module it is compiled in
	Code   string
}

// Blocks returns the Go blocks of all Markdown files of a repository, by file
// and line. Folders that begin with a dot, and those of installed packages, are
// left out.
func Blocks(repository fs.FS) ([]Block, error) {
	all, err := pages(repository)
	var found []Block
	for _, p := range all {
		found = append(found, p.blocks...)
	}
	return found, err
}

// Of returns those of the blocks that are compiled in a module.
func Of(module string, blocks []Block) []Block {
	var of []Block
	for _, b := range blocks {
		if b.Module == module {
			of = append(of, b)
		}
	}
	return of
}
