package fanout_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/fanout"
	"github.com/lambda-invoke/lambda-invoke-go/internal/race"
)

// requireBusy requires of a while in which the account could have run calls that
// nearly all were admitted, and nearly none refused.
func requireBusy(t *testing.T, calls float64, admitted, refused int) {
	t.Helper()
	require.Greater(t, float64(admitted)/calls, 0.9, "goodput")
	require.Less(t, float64(refused)/float64(admitted+refused), 0.02, "share of refusals")
}

// limits returns all, the limits of calls at a time that a test goes through, or few with the race detector: the races are
// the same, and shares of calls mean something only of many calls.
func limits(all []int, few ...int) []int {
	if race.Enabled {
		return few
	}
	return all
}

func TestAChangingConcurrencyLimitIsKeptBusy(t *testing.T) {
	const call = 102 * time.Millisecond
	for length, duration := range map[string]func() time.Duration{
		"calls of one length": constant(100 * time.Millisecond),
		"calls of any length": varied(100 * time.Millisecond),
	} {
		for order, mode := range modes {
			t.Run(length+", "+order, func(t *testing.T) {
				t.Parallel()
				a := &account{roundTrip: 2 * time.Millisecond, duration: duration}
				var phases []phase
				before := 8 // the initial window
				for _, limit := range limits([]int{1, 2, 5, 20, 250, 50, 10, 1, 150}, 1, 5, 20, 2, 10) {
					// Enough calls for a share to mean something.
					phases = append(phases, phase{limit, settling(before, limit, call)}, phase{limit, call * time.Duration(40+1000/limit)})
					before = limit
				}
				drive(t, a, phases, func(i, admitted, refused int) {
					if i%2 == 1 { // settled
						requireBusy(t, float64(phases[i].limit)*float64(phases[i].length)/float64(call), admitted, refused)
					}
				}, mode)
			})
		}
	}
}

// Where a round trip is long, more calls may be in flight than run at the
// service. No number of them is too many, then: the more there are, the likelier
// is a refusal, and a probe for more costs several.
func TestRefusalsAreRareWhereTheRoundTripIsLong(t *testing.T) {
	const runs = 20 * time.Millisecond
	for _, roundTrip := range []time.Duration{0, runs / 2, runs} {
		for _, limit := range limits([]int{1, 2, 5, 10, 20}, 5) {
			t.Run(fmt.Sprintf("%v, %d calls", roundTrip, limit), func(t *testing.T) {
				t.Parallel()
				const calls = 10_000 // of as many workers
				call := roundTrip + runs
				a := &account{roundTrip: roundTrip, duration: varied(runs)}
				phases := []phase{{limit, settling(min(8, limit), limit, call)}, {limit, call * time.Duration(calls/limit)}}
				drive(t, a, phases, func(i, admitted, refused int) {
					if i == 1 {
						requireBusy(t, calls, admitted, refused)
					}
				})
			})
		}
	}
}

func TestTheLimitIsFoundAgainAfterNothingWasAdmitted(t *testing.T) {
	const call = 52 * time.Millisecond
	for _, limit := range limits([]int{1, 10, 50, 100}, 1, 20) {
		for _, outage := range []time.Duration{50 * time.Millisecond, time.Second, 5 * time.Second} {
			for name, before := range map[string]time.Duration{"from the start": 0, "while running": 3 * time.Second} {
				t.Run(fmt.Sprintf("%d calls, nothing for %v, %s", limit, outage, name), func(t *testing.T) {
					t.Parallel()
					a := &account{roundTrip: 2 * time.Millisecond, duration: constant(50 * time.Millisecond)}
					phases := []phase{{limit, before}, {0, outage}, {limit, 4 * time.Second}, {limit, call * time.Duration(50+1000/limit)}}
					drive(t, a, phases, func(i, admitted, refused int) {
						switch i {
						case 1:
							require.Less(t, refused, limit+40, "no storm of requests")
						case 3:
							requireBusy(t, float64(limit)*float64(phases[i].length)/float64(call), admitted, refused)
						}
					})
				})
			}
		}
	}
}

// What a program that was stopped has launched still runs when it is started
// again, and ends call by call.
func TestTheLimitIsFoundWhereTheAccountWasBusyAtTheStart(t *testing.T) {
	const call = 51 * time.Millisecond
	for _, limit := range limits([]int{10, 50, 100}, 20) {
		for seed := range uint64(6) {
			t.Run(fmt.Sprintf("%d calls, order %d", limit, seed), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, 2))
				a := &account{roundTrip: time.Millisecond, duration: varied(50 * time.Millisecond)}
				var phases []phase
				for free := range limit {
					phases = append(phases, phase{free, time.Duration(2 * random.Float64() * float64(75*time.Millisecond) / float64(limit))})
				}
				phases = append(phases, phase{limit, 1500 * time.Millisecond}, phase{limit, 3 * time.Second})
				drive(t, a, phases, func(i, admitted, _ int) {
					if i == len(phases)-1 {
						workers := float64(limit) * float64(phases[i].length) / float64(call)
						require.Greater(t, float64(admitted)/workers, 0.9, "goodput")
					}
				})
			})
		}
	}
}

func TestRequestsAreFewWhileNothingIsAdmitted(t *testing.T) {
	t.Parallel()
	a := &account{roundTrip: 2 * time.Millisecond, duration: constant(100 * time.Millisecond)}
	limit := race.Fewer(100)
	phases := []phase{{limit, 20 * time.Second}, {0, 20 * time.Second}, {0, time.Minute}, {limit, 20 * time.Second}, {limit, 10 * time.Second}}
	drive(t, a, phases, func(i, admitted, refused int) {
		switch i {
		case 2:
			require.Zero(t, admitted)
			require.LessOrEqual(t, refused, 61, "one request a second")
			require.GreaterOrEqual(t, refused, 30)
		case 4:
			require.Greater(t, admitted, 90*limit, "as busy as before")
		}
	})
}

func TestTheWindowDoesNotGrowWhileItsCallerIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: -1, duration: constant(time.Millisecond)}
		most := 0
		fanout.Run(t.Context(), endless, configure(a.call, func(c *config) {
			c.Progress = func(p fanout.Progress) { most = max(most, p.Concurrency) }
		}), func(i item) bool {
			time.Sleep(100 * time.Millisecond)
			return i.n < 500
		})
		require.LessOrEqual(t, most, 32)
	})
}

func TestConcurrencyStaysWithinItsBounds(t *testing.T) {
	for name, tc := range map[string]struct {
		min, max        int
		atLeast, atMost int
		limit           int
	}{
		"maximum":               {max: 3, atLeast: 1, atMost: 3, limit: 100},
		"minimum":               {min: 20, atLeast: 20, atMost: 60, limit: 30},
		"both":                  {min: 5, max: 5, atLeast: 5, atMost: 5, limit: 100},
		"minimum above maximum": {min: 9, max: 4, atLeast: 4, atMost: 4, limit: 100},
		"negative":              {min: -1, max: -1, atLeast: 1, atMost: 1000, limit: 1500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &account{duration: constant(50 * time.Millisecond), roundTrip: 2 * time.Millisecond}
			least, most, busiest := math.MaxInt, 0, 0
			drive(t, a, []phase{{tc.limit, time.Second}}, func(int, int, int) {}, func(c *config) {
				c.MinConcurrency, c.MaxConcurrency = tc.min, tc.max
				c.Progress = func(p fanout.Progress) {
					least, most, busiest = min(least, p.Concurrency), max(most, p.Concurrency), max(busiest, p.InFlight)
				}
			})
			require.GreaterOrEqual(t, least, tc.atLeast)
			require.LessOrEqual(t, most, tc.atMost)
			if tc.limit > tc.atMost { // else refusals come before the maximum
				require.Equal(t, tc.atMost, most)
			}
			require.LessOrEqual(t, busiest, tc.atMost)
			require.NotZero(t, busiest)
		})
	}
}
