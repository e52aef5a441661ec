package measure

import (
	"runtime"
	"time"
)

// Calls makes n calls, one after the other, and returns what one of them cost; see [Cost].
func Calls(n int, call func()) map[string]float64 {
	return Cost(n, func() {
		for range n {
			call()
		}
	})
}

// Cost runs what makes n calls, and returns what one of them cost this process: time, CPU time of all its threads,
// allocations and bytes.
func Cost(n int, run func()) map[string]float64 {
	runtime.GC() // what came before is not this client's to sweep
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	run()
	took, spent := time.Since(start), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	values := map[string]float64{
		"ns/op":     float64(took) / float64(n),
		"B/op":      float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
		"allocs/op": float64(after.Mallocs-before.Mallocs) / float64(n),
	}
	if spent > 0 {
		values["cpu-ns/op"] = float64(spent) / float64(n)
	}
	return values
}
