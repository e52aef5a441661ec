package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// journal is where the finished items are written down, a line each: the item,
// what the function made of it, and its error. What is not in it runs again:
// after a kill -9, that is what was in flight.
type journal struct {
	name     string
	file     io.ReadWriteCloser // reads from the start, writes at the end
	finished map[int]bool       // with success?
	broken   error              // the first error of writing
	missing  []int              // items that finished since
}

// openJournal reads what earlier runs wrote. A full disk or a crash may have cut
// the last line short. openJournal ends that line, so that the next one is a line
// of its own, and counts its item as failed, because its outcome is unknown. Where
// the item's number is cut, too, openJournal fails: a person has to complete it.
func openJournal(name string, file io.ReadWriteCloser) (*journal, error) {
	j := &journal{name: name, file: file, finished: make(map[int]bool)}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	line := "\n"
	for line = range strings.Lines(string(content)) {
		number, outcome, whole := strings.Cut(line, " ")
		item, err := strconv.Atoi(number)
		if err != nil || !whole {
			return nil, fmt.Errorf("%s: %q does not say which item finished: find out which one it was, and correct the line", name, line)
		}
		j.finished[item] = strings.HasSuffix(strings.TrimSuffix(outcome, "\n"), " <nil>")
	}
	if !strings.HasSuffix(line, "\n") {
		_, err = fmt.Fprintln(file)
	}
	return j, err
}

// add writes an item down. After an error of writing it only remembers the item,
// because the file may end in half a line.
func (j *journal) add(item, out int, outcome error) error {
	if j.broken == nil {
		_, j.broken = fmt.Fprintf(j.file, "%d %d %v\n", item, out, outcome)
	}
	if j.broken != nil {
		j.missing = append(j.missing, item)
		return j.broken
	}
	j.finished[item] = outcome == nil
	return nil
}

// close names the items that are not in the journal and should be.
func (j *journal) close() error {
	err := j.file.Close()
	if j.broken != nil {
		return fmt.Errorf("%w\n%s lacks these items, which ran or may have run; a new start would run them again: %v", j.broken, j.name, j.missing)
	}
	return err
}
