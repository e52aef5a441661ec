// Package race tells tests whether they run with the race detector. A call costs several times as much with it, and fewer
// calls find the same races.
package race

// Fewer returns the size of a test whose cost is its number of calls: n, or a fifth of it with the race detector.
func Fewer(n int) int {
	if Enabled {
		return n / 5
	}
	return n
}
