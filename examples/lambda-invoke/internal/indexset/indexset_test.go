package indexset_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/indexset"
)

func TestASetIsLikeAMap(t *testing.T) {
	var s indexset.Set
	like := make(map[int]bool)
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200_000 {
		index := random.IntN(10_000)
		if round < 100_000 || random.IntN(2) == 0 {
			require.Equal(t, !like[index], s.Add(index))
			like[index] = true
		} else {
			require.Equal(t, like[index], s.Remove(index))
			delete(like, index)
		}
	}
	require.Equal(t, len(like), s.Len())
	all := slices.Collect(s.All())
	require.Len(t, all, len(like))
	require.True(t, slices.IsSorted(all))
	for _, index := range all {
		require.True(t, like[index])
	}
	require.False(t, s.Has(1<<40))
}

func TestAFullStretchTakesNoMemory(t *testing.T) {
	var s indexset.Set
	require.Less(t, testing.AllocsPerRun(1, func() {
		for index := range 10_000_000 {
			s.Add(index)
		}
	}), 2600.0) // one page at a time, and it is given back
	for index := range s.All() {
		s.Remove(index)
	}
	require.Zero(t, s.Len())
}
