package measure

import (
	"runtime"
	"time"
)

// Calls makes n calls, one after the other, and returns what one of them cost this process: time, CPU time of all its
// threads, allocations and bytes.
func Calls(n int, call func()) map[string]float64 {
	runtime.GC() // what came before is not this client's to sweep
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	for range n {
		call()
	}
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

// Once returns a function that calls f the first time it is called, for [Calls] of something that makes all calls by itself.
func Once(f func()) func() {
	called := false
	return func() {
		if !called {
			called = true
			f()
		}
	}
}
