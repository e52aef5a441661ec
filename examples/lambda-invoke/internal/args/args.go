// Package args parses a command line: flags stand before and after the
// operands, durations without a unit are explained, and a flag of the AWS CLI is
// answered with the one that is meant. It writes a command's help from the same
// definitions.
package args

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Set is the flags of one command. Make one with [New].
type Set struct {
	*flag.FlagSet
	hints map[string]string // by the names of the flags that only explain
	hint  error             // of the first of them on the command line
}

// New returns a set without flags. Errors are returned and not printed.
func New(command string) *Set {
	s := &Set{FlagSet: flag.NewFlagSet(command, flag.ContinueOnError), hints: make(map[string]string)}
	s.SetOutput(io.Discard)
	return s
}

// Parse reads a command line and returns its operands. [flag.ErrHelp] is the
// error where help was asked for. After "--" every argument is an operand.
func (s *Set) Parse(arguments []string) (operands []string, err error) {
	for rest := arguments; ; {
		err := s.FlagSet.Parse(rest)
		if s.hint != nil {
			return nil, s.hint
		}
		if err != nil {
			return nil, err
		}
		if s.NArg() == 0 {
			return operands, nil
		}
		if read := len(rest) - s.NArg(); read > 0 && rest[read-1] == "--" {
			return append(operands, s.Args()...), nil
		}
		operands = append(operands, s.Arg(0))
		rest = s.Args()[1:]
	}
}

// Given reports whether the command line has the flag.
func (s *Set) Given(name string) bool {
	given := false
	s.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// Explain makes a flag that is not ours an error that says what to write. A
// name that is defined already stays as it is.
func (s *Set) Explain(name, instead string) {
	if s.Lookup(name) == nil {
		s.hints[name] = instead
		s.Var(&hint{set: s, name: name}, name, "")
	}
}

// hint is the value of a flag that only explains. It takes no argument, so that
// it is found whether or not the other tool's flag has one.
type hint struct {
	set  *Set
	name string
}

func (h *hint) String() string   { return "" }
func (h *hint) IsBoolFlag() bool { return true }
func (h *hint) Set(string) error {
	if h.set.hint == nil {
		h.set.hint = fmt.Errorf("-%s is a flag of the AWS CLI: %s", h.name, h.set.hints[h.name])
	}
	return h.set.hint
}

// Duration defines a flag whose value is a time with its unit. Less than zero is
// refused.
func (s *Set) Duration(p *time.Duration, name, usage string) {
	s.Var((*duration)(p), name, usage)
}

type duration time.Duration

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Set(text string) error {
	parsed, err := time.ParseDuration(text)
	if number, numeric := strconv.ParseFloat(text, 64); numeric == nil && number > 0 {
		return fmt.Errorf("a time needs its unit: %ss", text)
	}
	switch {
	case err != nil:
		return errors.New("this is no time, such as 90s or 5m")
	case parsed < 0:
		return errors.New("it must not be negative")
	}
	*d = duration(parsed)
	return nil
}

// Flags returns the flags that do something, in the order of their names.
func (s *Set) Flags() []*flag.Flag {
	var all []*flag.Flag
	s.VisitAll(func(f *flag.Flag) {
		if _, explains := s.hints[f.Name]; !explains {
			all = append(all, f)
		}
	})
	return all
}

// TakesValue reports whether the flag has an argument.
func TakesValue(f *flag.Flag) bool {
	boolean, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !boolean.IsBoolFlag()
}

// WriteFlags writes the flags in two columns, as wide as a terminal.
func (s *Set) WriteFlags(w io.Writer) {
	const indent, width = 26, 96
	for _, f := range s.Flags() {
		value, usage := flag.UnquoteUsage(f)
		head := "  -" + f.Name
		if TakesValue(f) {
			head += " " + value
		}
		line := fmt.Sprintf("%-*s", indent, head)
		for word := range strings.FieldsSeq(usage) {
			if len(line) > indent && len(line)+1+len(word) > width {
				fmt.Fprintln(w, strings.TrimRight(line, " "))
				line = strings.Repeat(" ", indent)
			}
			if !strings.HasSuffix(line, " ") || len(head) >= indent && line == head {
				line += " "
			}
			line += word
		}
		fmt.Fprintln(w, line)
	}
}
