package logtail

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Beyond these a number is noise: a function runs for minutes, in some GB.
const (
	maxMillis    = 366 * 24 * 60 * 60 * 1000
	maxMegabytes = 1 << 30
)

// millis reads a number of milliseconds; 0 if it is none that makes sense.
func millis(s string) time.Duration {
	return time.Duration(math.Round(decimal(s, maxMillis) * float64(time.Millisecond)))
}

// megabytes reads a number of megabytes; 0 if it is none that makes sense.
func megabytes(s string) int {
	return int(decimal(s, maxMegabytes))
}

// decimal reads a number between 0 and limit, and 0 in place of any other.
// The alphabet is checked because strconv also takes hexadecimal, "inf" and
// "nan"; an exponent may occur in JSON.
func decimal(s string, limit float64) float64 {
	if s == "" || strings.Trim(s, "0123456789.eE+-") != "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= limit) {
		return 0
	}
	return v
}
