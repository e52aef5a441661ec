package measure

import (
	"maps"
	"math"
	"slices"
)

// Summary is what remains of the samples: a row for each benchmark, unit and client.
type Summary struct {
	Machine Machine
	Rows    []Row
}

// Row says what was measured of a client.
type Row struct {
	Benchmark, Unit, Client string

	Rounds int
	Q1     float64 // a quarter of the rounds is below
	Median float64
	Q3     float64 // a quarter of the rounds is above

	// Ratio is the median of the ratios of the subject's value to this client's, each taken within a round: what slows
	// the machine down for a while slows all of a round. 0 for the subject itself, and where there is no ratio.
	Ratio float64 `json:",omitempty"`
	// Above is Ratio, with the floor's value of that round taken off both.
	Above float64 `json:",omitempty"`
}

// Summarize makes a summary, with the ratios of subject to each of the others, of what is kept. The units of a benchmark
// are in alphabetical order, benchmarks and clients in the order in which they were first measured.
func Summarize(s *Samples, subject, floor string, keep func(benchmark, unit string) bool) *Summary {
	sum := &Summary{Machine: s.Machine}
	var done []string // benchmarks
	for _, first := range s.Series {
		if slices.Contains(done, first.Benchmark) {
			continue
		}
		done = append(done, first.Benchmark)
		for _, unit := range units(s, first.Benchmark) {
			if !keep(first.Benchmark, unit) {
				continue
			}
			for _, one := range s.Series {
				if values := one.Values[unit]; one.Benchmark == first.Benchmark && len(values) > 0 {
					sum.Rows = append(sum.Rows, row(s, one, unit, subject, floor))
				}
			}
		}
	}
	return sum
}

// units returns the units of a benchmark, whichever client has them.
func units(s *Samples, benchmark string) []string {
	all := make(map[string]bool)
	for _, one := range s.Series {
		if one.Benchmark == benchmark {
			for unit := range one.Values {
				all[unit] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func row(s *Samples, one *Series, unit, subject, floor string) Row {
	values := one.Values[unit]
	r := Row{
		Benchmark: one.Benchmark, Unit: unit, Client: one.Client,
		Rounds: len(values),
		Q1:     rounded(quantile(values, 0.25)),
		Median: rounded(quantile(values, 0.5)),
		Q3:     rounded(quantile(values, 0.75)),
	}
	if one.Client == subject {
		return r
	}
	own := s.rounds(one.Benchmark, subject, unit)
	r.Ratio = ratio(own, values, make([]float64, len(own)))
	if one.Client != floor {
		r.Above = ratio(own, values, s.rounds(one.Benchmark, floor, unit))
	}
	return r
}

// ratio returns the median of (x-z)/(y-z), and 0 where there is none.
func ratio(x, y, z []float64) float64 {
	ratios := make([]float64, min(len(x), len(y), len(z)))
	for i := range ratios {
		ratios[i] = (x[i] - z[i]) / (y[i] - z[i])
	}
	if v := quantile(ratios, 0.5); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return rounded(v)
	}
	return 0
}

// quantile returns the value that the given part of all values is below, and NaN if there are no values.
func quantile(values []float64, part float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := part * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}

// rounded returns v with five significant digits.
func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	digits := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*digits) / digits
}

// Row returns a row, and false if that was not measured.
func (s *Summary) Row(benchmark, client, unit string) (Row, bool) {
	for _, r := range s.Rows {
		if r.Benchmark == benchmark && r.Client == client && r.Unit == unit {
			return r, true
		}
	}
	return Row{}, false
}

// Median returns the median of the rounds, and NaN if it was not measured.
func (s *Summary) Median(benchmark, client, unit string) float64 {
	if r, ok := s.Row(benchmark, client, unit); ok {
		return r.Median
	}
	return math.NaN()
}
