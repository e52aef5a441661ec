package measure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

func TestRatioComparesEachRoundWithItself(t *testing.T) {
	var r measure.Results
	for _, slowdown := range []float64{1, 10, 2} {
		r.Add("b", "floor", map[string]float64{"ns/op": 10 * slowdown})
		r.Add("b", "ours", map[string]float64{"ns/op": 12 * slowdown})
		r.Add("b", "sdk", map[string]float64{"ns/op": 30 * slowdown})
	}
	require.InDelta(t, 0.1, r.Ratio("b", "ns/op", "ours", "sdk", "floor"), 1e-9)
	require.InDelta(t, 0.4, r.Ratio("b", "ns/op", "ours", "sdk", ""), 1e-9)
	require.InDelta(t, 24, r.Median("b", "ours", "ns/op"), 1e-9)
}

func TestWhatWasNotMeasuredIsNotANumber(t *testing.T) {
	var r measure.Results
	require.NotEqual(t, r.Median("b", "ours", "x"), r.Median("b", "ours", "x"))
	require.NotEqual(t, r.Ratio("b", "x", "ours", "sdk", "f"), r.Ratio("b", "x", "ours", "sdk", "f"))
}

func TestEveryRoundStartsWithAnotherName(t *testing.T) {
	var got string
	require.NoError(t, measure.Interleave(3, []string{"a", "b", "c"}, func(name string) error {
		got += name
		return nil
	}))
	require.Equal(t, "abcbcacab", got)
}
