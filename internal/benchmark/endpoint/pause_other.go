//go:build !linux

package endpoint

import "time"

// pause blocks for d or, on some systems, a good deal longer.
func pause(d time.Duration) { time.Sleep(d) }
