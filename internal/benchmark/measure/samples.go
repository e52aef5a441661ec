package measure

import "slices"

// Series is what was measured of one client in one benchmark: for each unit a value per round.
type Series struct {
	Benchmark string // in benchstat's form, such as "Loopback/payload=1KB"
	Client    string
	Values    map[string][]float64 // by unit, such as "ns/op"
}

// Samples is every round of everything that was measured.
type Samples struct {
	Machine Machine
	Series  []*Series
}

// Add adds a round.
func (s *Samples) Add(benchmark, client string, values map[string]float64) {
	one := s.find(benchmark, client)
	if one == nil {
		one = &Series{Benchmark: benchmark, Client: client, Values: make(map[string][]float64)}
		s.Series = append(s.Series, one)
	}
	for unit, v := range values {
		one.Values[unit] = append(one.Values[unit], v)
	}
}

// find returns the series of a client in a benchmark, and nil if there is none.
func (s *Samples) find(benchmark, client string) *Series {
	i := slices.IndexFunc(s.Series, func(one *Series) bool { return one.Benchmark == benchmark && one.Client == client })
	if i < 0 {
		return nil
	}
	return s.Series[i]
}

// rounds returns what was measured in each round, and nothing if it was not measured.
func (s *Samples) rounds(benchmark, client, unit string) []float64 {
	if one := s.find(benchmark, client); one != nil {
		return one.Values[unit]
	}
	return nil
}
