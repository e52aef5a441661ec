package simulation

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "replay the run of this seed and print its trace")
	firstFlag = flag.Uint64("first", 1, "first seed")
	callsFlag = flag.Int("calls", 5000, "how many simulated calls to make")
)

func TestSeeds(t *testing.T) {
	authority()
	if *seedFlag != 0 {
		var h *History
		synctest.Test(t, func(*testing.T) { h = Run(Seed(*seedFlag)) })
		fmt.Println(h.Trace())
		for _, p := range h.Problems() {
			t.Error(p)
		}
		return
	}
	workers := 2
	var running sync.RWMutex // for reading, but for a run that collects garbage: another may hold in a pool what that looks for
	for worker := range workers {
		t.Run(fmt.Sprint("worker ", worker), func(t *testing.T) {
			t.Parallel()
			calls := 0
			for seed := *firstFlag + uint64(worker); calls < *callsFlag/workers; seed += uint64(workers) {
				release := running.RUnlock
				if Seed(seed).collects() {
					running.Lock()
					release = running.Unlock
				} else {
					running.RLock()
				}
				h := runSeed(t, Seed(seed), release)
				calls += h.Calls()
				if len(h.Problems()) > 0 {
					t.Errorf("seed %d: %v\n%s", seed, h.Problems(), h.Trace())
					if t.Failed() {
						return
					}
				}
			}
		})
	}
}

func runSeed(t *testing.T, seed Seed, release func()) (h *History) {
	defer release()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("seed %d: %v", seed, p)
		}
	}()
	synctest.Test(t, func(*testing.T) { h = Run(seed) })
	return h
}
