package measure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

func everything(string, string) bool { return true }

func TestRatioComparesEachRoundWithItself(t *testing.T) {
	var s measure.Samples
	for _, slowdown := range []float64{1, 10, 2} {
		s.Add("b", "ours", map[string]float64{"ns/op": 12 * slowdown})
		s.Add("b", "sdk", map[string]float64{"ns/op": 30 * slowdown})
		s.Add("b", "floor", map[string]float64{"ns/op": 10 * slowdown})
	}
	require.Equal(t, []measure.Row{
		{Benchmark: "b", Unit: "ns/op", Client: "ours", Rounds: 3, Q1: 18, Median: 24, Q3: 72},
		{Benchmark: "b", Unit: "ns/op", Client: "sdk", Rounds: 3, Q1: 45, Median: 60, Q3: 180, Ratio: 0.4, Above: 0.1},
		{Benchmark: "b", Unit: "ns/op", Client: "floor", Rounds: 3, Q1: 15, Median: 20, Q3: 60, Ratio: 1.2},
	}, measure.Summarize(&s, "ours", "floor", everything).Rows)
}

func TestSummaryKeepsWhatItIsAskedFor(t *testing.T) {
	var s measure.Samples
	s.Add("b", "ours", map[string]float64{"ns/op": 1, "B/op": 2})
	s.Add("c", "ours", map[string]float64{"ns/op": 3})
	sum := measure.Summarize(&s, "ours", "floor", func(benchmark, unit string) bool { return benchmark == "b" && unit == "B/op" })
	require.Len(t, sum.Rows, 1)
	require.InDelta(t, 2, sum.Median("b", "ours", "B/op"), 1e-9)
}

func TestValuesHaveFiveSignificantDigits(t *testing.T) {
	var s measure.Samples
	s.Add("b", "ours", map[string]float64{"large": 1234567, "small": -0.00123456, "none": 0})
	sum := measure.Summarize(&s, "ours", "floor", everything)
	require.InDelta(t, 1234600, sum.Median("b", "ours", "large"), 1e-9)
	require.InDelta(t, -0.0012346, sum.Median("b", "ours", "small"), 1e-15)
	require.Zero(t, sum.Median("b", "ours", "none"))
}

func TestWhatWasNotMeasuredIsNotANumberAndHasNoRatio(t *testing.T) {
	var s measure.Samples
	s.Add("b", "sdk", map[string]float64{"x": 1})
	s.Add("c", "ours", map[string]float64{"x": 1})
	s.Add("c", "sdk", map[string]float64{"x": 0})
	sum := measure.Summarize(&s, "ours", "floor", everything)
	require.NotEqual(t, sum.Median("b", "ours", "x"), sum.Median("b", "ours", "x"))
	for _, r := range sum.Rows {
		require.Zero(t, r.Ratio)
		require.Zero(t, r.Above)
	}
}

func TestSummarySurvivesItsFileWithOneRowALine(t *testing.T) {
	var s measure.Samples
	s.Machine = measure.Machine{OS: "linux", CPU: "Some \"CPU\"", CPUs: 2}
	s.Add("b", "ours", map[string]float64{"x": 1, "y": 2})
	s.Add("b", "sdk", map[string]float64{"x": 3})
	sum := measure.Summarize(&s, "ours", "floor", everything)
	file := filepath.Join(t.TempDir(), "results.json")
	require.NoError(t, sum.Save(file))
	loaded, err := measure.Load(file)
	require.NoError(t, err)
	require.Equal(t, sum, loaded)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 2+3+1, strings.Count(string(text), "\n"))
}

func TestEveryRoundStartsWithAnotherName(t *testing.T) {
	var got string
	require.NoError(t, measure.Interleave(3, []string{"a", "b", "c"}, func(name string) error {
		got += name
		return nil
	}))
	require.Equal(t, "abcbcacab", got)
}
