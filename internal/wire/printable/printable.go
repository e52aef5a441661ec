// Package printable makes text that came from outside fit for a person's eye: one line, of bounded length.
package printable

import (
	"strings"
	"unicode"
)

// Text returns what can be printed of s as one line of valid UTF-8, at most limit bytes and an ellipsis. Each run of spaces, control
// characters, invisible characters and invalid bytes becomes one space, so that no input can forge a line of a log or drive a terminal.
// It looks at no more of s than it needs.
func Text(s string, limit int) string {
	if len(s) <= limit && isLine(s) {
		return s // every request ID of every reply, and not worth an allocation
	}
	var b strings.Builder
	b.Grow(min(len(s), limit+len("…")))
	gap := false
	for _, r := range s {
		if r == ' ' || r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			gap = b.Len() > 0
			continue
		}
		piece := string(r)
		if gap {
			piece = " " + piece
		}
		if b.Len()+len(piece) > limit {
			b.WriteString("…")
			break
		}
		b.WriteString(piece)
		gap = false
	}
	return b.String()
}

// isLine reports whether s is visible ASCII with at most one space between any two words.
func isLine(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= unicode.MaxASCII || s[i] == ' ' && last == ' ' {
			return false
		}
		last = s[i]
	}
	return s == "" || last != ' '
}
