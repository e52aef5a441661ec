package endpoint

import (
	"syscall"
	"time"
)

// pause blocks for d, and little longer. time.Sleep cannot do less than a millisecond where nothing else happens, as
// epoll counts in those.
func pause(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil) // cut short by a signal is fine
}
