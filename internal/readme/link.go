package readme

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// CheckLinks follows the links in all Markdown files of a repository, but for
// those to other sites. Each has to lead to a file or folder of the repository,
// and one to a part of a page to a heading of it. The error names all that do
// not, each with its place.
func CheckLinks(repository fs.FS) error {
	all, err := pages(repository)
	if err != nil {
		return err
	}
	headings := make(map[string]map[string]bool)
	for _, p := range all {
		headings[p.name] = p.anchors()
	}
	var wrong []error
	for _, p := range all {
		for _, l := range p.prose {
			for _, target := range l.links() {
				if err := follow(repository, headings, p.name, target); err != nil {
					wrong = append(wrong, fmt.Errorf("%s:%d: link to %s: %w", p.name, l.number, target, err))
				}
			}
		}
	}
	return errors.Join(wrong...)
}

// follow follows a link from a page.
func follow(repository fs.FS, headings map[string]map[string]bool, from, target string) error {
	to, err := url.Parse(target)
	if err != nil || to.Scheme != "" || to.Host != "" {
		return err
	}
	name := from
	switch {
	case strings.HasPrefix(to.Path, "/"): // from the root of the repository
		name = path.Clean("." + to.Path)
	case to.Path != "":
		name = path.Join(path.Dir(from), to.Path)
	}
	if _, err := fs.Stat(repository, name); err != nil {
		return errors.New("no such file or folder")
	}
	if at, page := headings[name]; page && to.Fragment != "" && !at[to.Fragment] {
		return errors.New("no such heading")
	}
	return nil
}

var (
	codeSpan = regexp.MustCompile("`[^`]*`")
	// [text](target "title"), where text may have begun in a line before;
	// [text]: target; and what HTML has.
	link = regexp.MustCompile(`\]\(\s*<?([^\s)>]+)[^)]*\)|^ *\[[^\]]+\]:\s+<?([^\s>]+)|\b(?:src|srcset|href)="([^"\s]+)`)
)

// links are the targets of the line's links.
func (l line) links() []string {
	var targets []string
	for _, found := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(l.text, ""), -1) {
		targets = append(targets, found[1]+found[2]+found[3]) // one of them matched
	}
	return targets
}

var (
	heading  = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// anchors are the names that GitHub gives the headings of a page.
func (p page) anchors() map[string]bool {
	names := make(map[string]bool)
	for _, l := range p.prose {
		found := heading.FindStringSubmatch(l.text)
		if found == nil {
			continue
		}
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
				return unicode.ToLower(r)
			}
			return -1
		}, linkText.ReplaceAllString(found[1], "$1"))
		unique := name
		for n := 1; names[unique]; n++ { // the second of that name
			unique = name + "-" + strconv.Itoa(n)
		}
		names[unique] = true
	}
	return names
}
