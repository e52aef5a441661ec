//go:build race

package fanout_test

// shrink divides the size of tests whose cost is the number of calls: with the
// race detector a call costs several times as much, and shows as much sooner.
const shrink = 5
