// Package terminal tells whether a person is watching, and keeps what functions
// write from steering their terminal.
package terminal

import (
	"os"
	"strings"
	"unicode"
)

// Is tells whether a person watches f. (It takes /dev/null for a terminal, which
// does no harm.)
func Is(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Printable replaces control characters, all but tabs and line feeds.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' {
			return '�'
		}
		return r
	}, text)
}
