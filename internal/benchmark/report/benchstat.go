package report

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Benchstat writes every round in the form that benchstat reads: benchstat -col /client file.
func Benchstat(w io.Writer, s *measure.Samples) error {
	m := s.Machine
	if _, err := fmt.Fprintf(w, "goos: %s\ngoarch: %s\ncpu: %s\n", m.OS, m.Arch, m.CPU); err != nil {
		return err
	}
	for _, one := range s.Series {
		units := slices.Sorted(maps.Keys(one.Values))
		rounds := 0
		for _, unit := range units {
			rounds = max(rounds, len(one.Values[unit]))
		}
		for i := range rounds {
			line := fmt.Sprintf("Benchmark%s/client=%s-%d 1", one.Benchmark, one.Client, m.CPUs)
			for _, unit := range units {
				if i < len(one.Values[unit]) { // some things are measured once
					line += fmt.Sprintf(" %.6g %s", one.Values[unit][i], unit)
				}
			}
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}
