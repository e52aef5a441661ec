package readme

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

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
	var found []Block
	err := fs.WalkDir(repository, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		file, err := repository.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		blocks, err := parse(name, file)
		found = append(found, blocks...)
		return err
	})
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

var (
	fence      = regexp.MustCompile("^ *(```+|~~~+) *([^` ]*)[^`]*$")
	moduleMark = regexp.MustCompile(`^\s*// module: (\S+)\s*$`)
)

// parse finds the Go blocks of a Markdown file.
func parse(name string, markdown io.Reader) ([]Block, error) {
	var (
		blocks   []Block
		open     string // the fence of the block that the line is in
		language string
		opened   int
		code     strings.Builder
		number   int
	)
	lines := bufio.NewScanner(markdown)
	for lines.Scan() {
		number++
		line := lines.Text()
		found := fence.FindStringSubmatch(line)
		switch {
		case open == "" && found != nil:
			open, language, opened = found[1], strings.ToLower(found[2]), number
			code.Reset()
		case open != "" && found != nil && found[2] == "" && strings.HasPrefix(found[1], open):
			open = ""
			if language == "go" || language == "golang" {
				b := Block{File: name, Line: opened + 1, Module: Root, Code: code.String()}
				if first, _, _ := strings.Cut(b.Code, "\n"); moduleMark.MatchString(first) {
					b.Module = path.Clean(moduleMark.FindStringSubmatch(first)[1])
				}
				blocks = append(blocks, b)
			}
		case open != "":
			code.WriteString(line + "\n")
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if open != "" {
		return nil, fmt.Errorf("%s:%d: the block has no end", name, opened)
	}
	return blocks, nil
}
