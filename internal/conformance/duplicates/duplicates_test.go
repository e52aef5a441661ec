package duplicates_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/duplicates"
)

func TestNoFunctionRunsTwiceWhereTheSDKRunsManyTwice(t *testing.T) {
	load := duplicates.Load{Seed: 1, Clients: 20, Calls: 150, OneIn: 5}
	ours, idempotent, sdk, err := duplicates.Run(t.Context(), load)
	require.NoError(t, err)
	for _, r := range []duplicates.Result{ours, idempotent, sdk} {
		require.Equal(t, load.Clients*load.Calls, r.Calls)
		require.Zero(t, r.FalseSuccesses)
		require.Zero(t, r.FalseGuarantees)
	}
	require.Zero(t, ours.RanTwice)
	require.NotZero(t, ours.SaidNotRun)
	require.Greater(t, sdk.RanTwice, 100)
	require.Greater(t, idempotent.Succeeded, ours.Succeeded)
}
