package fanout_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
	"github.com/lambda-invoke/lambda-invoke-go/internal/race"
)

func TestARateLimitIsKeptBusy(t *testing.T) {
	many := float64(race.Fewer(600))
	for name, tc := range map[string]struct {
		rate     float64
		duration time.Duration
		limit    int
		calls    float64 // a second, at best
	}{
		"short calls":             {rate: 100, duration: 10 * time.Millisecond, limit: -1, calls: 100},
		"long calls":              {rate: 100, duration: 2 * time.Second, limit: -1, calls: 100},
		"many":                    {rate: many, duration: 100 * time.Millisecond, limit: -1, calls: many},
		"few":                     {rate: 20, duration: 10 * time.Millisecond, limit: -1, calls: 20},
		"with a concurrency, too": {rate: 200, duration: 98 * time.Millisecond, limit: 10, calls: 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &account{roundTrip: 2 * time.Millisecond, duration: constant(tc.duration), rate: tc.rate}
			const measured = 30 * time.Second
			drive(t, a, []phase{{tc.limit, time.Minute}, {tc.limit, measured}}, func(i, admitted, refused int) {
				if i == 1 {
					requireBusy(t, tc.calls*measured.Seconds(), admitted, refused)
				}
			})
		})
	}
}

// A refusal that does not say which limit was exceeded is taken for one of
// concurrency at first, every time.
func TestCallsAreSpacedWhereConcurrencyIsNotTheReason(t *testing.T) {
	t.Parallel()
	a := &account{roundTrip: 2 * time.Millisecond, duration: constant(10 * time.Millisecond), rate: 20, unspecific: true}
	drive(t, a, []phase{{-1, time.Minute}, {-1, time.Minute}}, func(i, admitted, refused int) {
		if i == 1 {
			require.Greater(t, admitted, 20*60*8/10)
			require.Less(t, float64(refused)/float64(admitted+refused), 0.15)
		}
	})
}

func TestARefusedItemWaitsAsLongAsAsked(t *testing.T) {
	for _, signal := range []fanout.Signal{fanout.ConcurrencyExceeded, fanout.RateExceeded} {
		t.Run(fmt.Sprint(signal), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				refusedAt := make(map[int]time.Time)
				pulled, results := 0, 0
				fanout.Run(t.Context(), upTo(5, &pulled), configure(func(_ context.Context, i *item) fanout.Outcome {
					mu.Lock()
					defer mu.Unlock()
					at, again := refusedAt[i.n]
					if !again {
						refusedAt[i.n] = time.Now()
						return refused(signal, 7*time.Second)
					}
					require.GreaterOrEqual(t, time.Since(at), 7*time.Second)
					return admitted(i, nil)
				}), func(i item) bool {
					require.NoError(t, i.err)
					results++
					return true
				})
				require.Equal(t, 5, results)
			})
		})
	}
}
