package simulation

import (
	"math"
	"math/rand/v2"
	"time"
)

// Seed decides everything of a run that is random. What happens at a place of the run, such as the second request of the third call of a
// caller, is drawn for that place alone, so the order in which goroutines come to their places changes nothing.
type Seed uint64

// dice returns what decides at a place.
func (s Seed) dice(what string, place ...int) *dice {
	h := mix(uint64(s))
	for i := range len(what) {
		h = (h ^ uint64(what[i])) * 0x100000001b3
	}
	for _, n := range place {
		h = mix(h ^ uint64(n))
	}
	return &dice{rand.New(rand.NewPCG(h, mix(h)))}
}

// mix is the finalizer of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// dice draws at one place.
type dice struct{ *rand.Rand }

// chance is true with probability p.
func (d *dice) chance(p float64) bool { return d.Float64() < p }

// between draws a duration whose logarithm is uniform, so that each order of magnitude is as likely as any other.
func (d *dice) between(least, most time.Duration) time.Duration {
	low, high := math.Log(float64(least)), math.Log(float64(most))
	return time.Duration(math.Exp(low + d.Float64()*(high-low)))
}

// pick draws one of the choices.
func pick[T any](d *dice, choices ...T) T { return choices[d.IntN(len(choices))] }
