// Package format writes numbers and times for people.
package format

import (
	"strconv"
	"time"
)

// Count writes a number with a comma between thousands.
func Count(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Duration rounds a time to about three digits.
func Duration(d time.Duration) time.Duration {
	for _, step := range [...]time.Duration{time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond, 100 * time.Microsecond, 10 * time.Microsecond} {
		if d >= 100*step {
			return d.Round(step)
		}
	}
	return d.Round(time.Microsecond)
}
