package invoke_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestMapIsSoonBusyAgainAfterNothingWasAdmitted(t *testing.T) {
	const call = 52 * time.Millisecond
	for _, limit := range []int{1, 10, 50, 200 / shrink} {
		for _, outage := range []time.Duration{50 * time.Millisecond, time.Second, 5 * time.Second} {
			for name, before := range map[string]time.Duration{"from the start": 0, "while running": 3 * time.Second} {
				t.Run(fmt.Sprintf("%d calls, nothing for %v, %s", limit, outage, name), func(t *testing.T) {
					a := &account{roundTrip: 2 * time.Millisecond, duration: constant(50 * time.Millisecond), reason: errors.ThrottleConcurrentInvocations}
					phases := []phase{{limit, before}, {0, outage}, {limit, 4 * time.Second}, {limit, call * time.Duration(50+1000/limit)}}
					drive(t, a, phases, func(i, admitted, refused int) {
						switch i {
						case 1:
							require.Less(t, refused, limit+40, "no storm of requests")
						case 3:
							workers := float64(limit) * float64(phases[i].length) / float64(call)
							require.Greater(t, float64(admitted)/workers, 0.9, "goodput")
							require.Less(t, float64(refused)/float64(admitted+refused), 0.02, "throttled share")
						}
					})
				})
			}
		}
	}
}

// What a program that was stopped has launched still runs when it is started
// again, and ends call by call.
func TestMapIsSoonBusyWhereTheAccountWasBusyAtItsStart(t *testing.T) {
	const call = 51 * time.Millisecond
	for _, limit := range []int{10, 50, 200 / shrink} {
		for seed := range uint64(8) {
			t.Run(fmt.Sprintf("%d calls, order %d", limit, seed), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 2))
				a := &account{roundTrip: time.Millisecond, duration: varied(50 * time.Millisecond), reason: errors.ThrottleConcurrentInvocations}
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
