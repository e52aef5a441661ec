//go:build !race

package fanout_test

// shrink divides the size of tests whose cost is the number of calls.
const shrink = 1
