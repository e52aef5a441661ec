package webidentity

import (
	"bytes"
	"strconv"
	"strings"
)

// maxDepth is how deep elements may stand in each other. STS needs four levels.
const maxDepth = 16

// scan calls leaf with the text of each element that holds text alone, and with the
// name of the element that it stands in, both without their namespaces. It reads
// what STS writes: elements, attributes (which it skips), text, character
// references, comments, CDATA sections and processing instructions. ok is false for
// a document type, and for what is not one whole document. encoding/xml would do
// the same, and adds 127 KB to a program.
func scan(document []byte, leaf func(parent, name, text string)) (ok bool) {
	s := scanner{rest: document}
	for len(s.rest) > 0 {
		if !s.step(leaf) {
			return false
		}
	}
	return s.root && len(s.open) == 0
}

type scanner struct {
	rest []byte
	root bool     // there was one
	open []string // elements, by their whole names
	text []byte   // of the innermost open element, decoded
	full bool     // it holds elements: its text is of no use
}

// step reads up to the end of one piece of markup or text.
func (s *scanner) step(leaf func(parent, name, text string)) bool {
	switch {
	case s.rest[0] != '<':
		return s.characters()
	case bytes.HasPrefix(s.rest, []byte("<!--")):
		_, ok := s.until("<!--", "-->")
		return ok
	case bytes.HasPrefix(s.rest, []byte("<![CDATA[")):
		text, ok := s.until("<![CDATA[", "]]>")
		s.text = append(s.text, text...)
		return ok && len(s.open) > 0
	case bytes.HasPrefix(s.rest, []byte("<?")):
		_, ok := s.until("<?", "?>")
		return ok
	case bytes.HasPrefix(s.rest, []byte("</")):
		return s.end(leaf)
	default:
		return s.start(leaf)
	}
}

// until takes what stands between from, at which the rest begins, and to.
func (s *scanner) until(from, to string) ([]byte, bool) {
	between, rest, ok := bytes.Cut(s.rest[len(from):], []byte(to))
	s.rest = rest
	return between, ok
}

// characters reads text up to the next markup.
func (s *scanner) characters() bool {
	end := bytes.IndexByte(s.rest, '<')
	if end < 0 {
		end = len(s.rest)
	}
	text := s.rest[:end]
	s.rest = s.rest[end:]
	if len(s.open) == 0 {
		return len(bytes.TrimSpace(text)) == 0 // around the root
	}
	for {
		before, after, found := bytes.Cut(text, []byte("&"))
		s.text = append(s.text, before...)
		if !found {
			return true
		}
		name, rest, ended := bytes.Cut(after, []byte(";"))
		char, known := reference(string(name))
		if !ended || !known {
			return false
		}
		s.text = append(s.text, char...)
		text = rest
	}
}

// reference returns the character that &name; stands for.
func reference(name string) (char string, ok bool) {
	switch name {
	case "lt":
		return "<", true
	case "gt":
		return ">", true
	case "amp":
		return "&", true
	case "quot":
		return `"`, true
	case "apos":
		return "'", true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return string(rune(n)), err == nil
}

// start reads the tag that opens an element. A quoted attribute may hold a ">".
func (s *scanner) start(leaf func(parent, name, text string)) bool {
	i, quote := 1, byte(0)
	for ; i < len(s.rest); i++ {
		c := s.rest[i]
		if quote == 0 && c == '>' {
			break
		}
		switch {
		case quote == c:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && c == '<':
			return false
		}
	}
	if i == len(s.rest) {
		return false
	}
	tag, empty := bytes.CutSuffix(s.rest[1:i], []byte("/"))
	s.rest = s.rest[i+1:]
	name := string(tag)
	if end := strings.IndexAny(name, " \t\r\n"); end >= 0 {
		name = name[:end]
	}
	if name == "" || name[0] == '!' || len(s.open) == maxDepth || s.root && len(s.open) == 0 {
		return false
	}
	s.root = true
	s.open = append(s.open, name)
	s.text, s.full = s.text[:0], false
	if empty {
		s.closed(leaf)
	}
	return true
}

// end reads the tag that closes an element.
func (s *scanner) end(leaf func(parent, name, text string)) bool {
	name, ok := s.until("</", ">")
	if !ok || len(s.open) == 0 || strings.TrimRight(string(name), " \t\r\n") != s.open[len(s.open)-1] {
		return false
	}
	s.closed(leaf)
	return true
}

// closed ends the innermost element.
func (s *scanner) closed(leaf func(parent, name, text string)) {
	last := len(s.open) - 1
	if !s.full && last > 0 {
		leaf(local(s.open[last-1]), local(s.open[last]), strings.TrimSpace(string(s.text)))
	}
	s.open = s.open[:last]
	s.text, s.full = s.text[:0], true
}

// local returns a name without its prefix.
func local(name string) string {
	if prefix, rest, _ := strings.Cut(name, ":"); prefix != "" && rest != "" {
		return rest
	}
	return name
}
