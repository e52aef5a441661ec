package invoke_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func TestAnItemsErrorAnswersForItsEarlierRequestsToo(t *testing.T) {
	for name, faults := range map[string][]invoketest.Fault{
		"refused in the end": {
			invoketest.RunFirst(invoketest.ThrowStatus(500, "", "")),
			invoketest.ThrowStatus(403, "AccessDeniedException", "no"),
		},
		"throttled in between": {
			invoketest.RunFirst(invoketest.ThrowStatus(500, "", "")),
			invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0),
			invoketest.ThrowStatus(403, "AccessDeniedException", "no"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := invoketest.NewServer(t)
			invoketest.HandleFunc(server, "f", func(_ context.Context, n int) (int, error) { return n, nil })
			server.Script("f", faults...)
			client := newClient(t, server.Options(), func(o *invoke.Options) {
				o.Retry = retry.Policy{Idempotent: true, BaseDelay: 1, ThrottleBaseDelay: 1}
			})
			for result := range invoke.NewFunc[int, int](client, "f").Map(t.Context(), slices.Values([]int{1})) {
				require.Error(t, result.Err)
				require.Equal(t, 1, server.Runs("f"))
				require.True(t, errors.MayHaveExecuted(result.Err), "%v", result.Err)
			}
		})
	}
}
