package measure

import (
	"math"
	"slices"
)

// Series is what was measured of one client in one benchmark: for each unit a value per round.
type Series struct {
	Benchmark string // in benchstat's form, such as "Loopback/payload=1KB"
	Client    string
	Values    map[string][]float64 // by unit, such as "ns/op"
}

// Results is everything that was measured.
type Results struct {
	Machine Machine
	Series  []*Series
}

// Add adds a round.
func (r *Results) Add(benchmark, client string, values map[string]float64) {
	i := slices.IndexFunc(r.Series, func(s *Series) bool { return s.Benchmark == benchmark && s.Client == client })
	if i < 0 {
		i = len(r.Series)
		r.Series = append(r.Series, &Series{Benchmark: benchmark, Client: client, Values: make(map[string][]float64)})
	}
	for unit, v := range values {
		r.Series[i].Values[unit] = append(r.Series[i].Values[unit], v)
	}
}

// Rounds returns what was measured in each round, and nothing if it was not measured.
func (r *Results) Rounds(benchmark, client, unit string) []float64 {
	for _, s := range r.Series {
		if s.Benchmark == benchmark && s.Client == client {
			return s.Values[unit]
		}
	}
	return nil
}

// Median returns the median of the rounds, and NaN if it was not measured.
func (r *Results) Median(benchmark, client, unit string) float64 {
	return median(r.Rounds(benchmark, client, unit))
}

// Ratio returns the median, over the rounds, of (a-floor)/(b-floor), where floor is a client too or "" for none.
// Rounds are compared with themselves: what slows the machine down for a while slows all of a round.
func (r *Results) Ratio(benchmark, unit, a, b, floor string) float64 {
	x, y := r.Rounds(benchmark, a, unit), r.Rounds(benchmark, b, unit)
	z := make([]float64, len(x))
	if floor != "" {
		z = r.Rounds(benchmark, floor, unit)
	}
	ratios := make([]float64, min(len(x), len(y), len(z)))
	for i := range ratios {
		ratios[i] = (x[i] - z[i]) / (y[i] - z[i])
	}
	return median(ratios)
}

func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
