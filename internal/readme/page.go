package readme

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// page is a Markdown file.
type page struct {
	name   string // slash-separated, below the root of the repository
	prose  []line // what is in no fence
	blocks []Block
}

type line struct {
	number int // from 1
	text   string
}

// pages reads the Markdown files of a repository.
func pages(repository fs.FS) ([]page, error) {
	var all []page
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
		p, err := parse(name, file)
		all = append(all, p)
		return errors.Join(err, file.Close())
	})
	return all, err
}

var (
	fence      = regexp.MustCompile("^ *(```+|~~~+) *([^` ]*)[^`]*$")
	moduleMark = regexp.MustCompile(`^\s*// module: (\S+)\s*$`)
)

// parse parts the Go blocks of a Markdown file from its prose.
func parse(name string, markdown io.Reader) (page, error) {
	p := page{name: name}
	var (
		open     string // the fence of the block that the line is in
		language string
		opened   int
		code     strings.Builder
		number   int
	)
	lines := bufio.NewScanner(markdown)
	for lines.Scan() {
		number++
		text := lines.Text()
		found := fence.FindStringSubmatch(text)
		switch {
		case open == "" && found != nil:
			open, language, opened = found[1], strings.ToLower(found[2]), number
			code.Reset()
		case open == "":
			p.prose = append(p.prose, line{number, text})
		case found != nil && found[2] == "" && strings.HasPrefix(found[1], open):
			open = ""
			if language == "go" || language == "golang" {
				b := Block{File: name, Line: opened + 1, Module: Root, Code: code.String()}
				if first, _, _ := strings.Cut(b.Code, "\n"); moduleMark.MatchString(first) {
					b.Module = path.Clean(moduleMark.FindStringSubmatch(first)[1])
				}
				p.blocks = append(p.blocks, b)
			}
		default:
			code.WriteString(text + "\n")
		}
	}
	if err := lines.Err(); err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	if open != "" {
		return p, fmt.Errorf("%s:%d: the block has no end", name, opened)
	}
	return p, nil
}
