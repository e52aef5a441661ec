package retries

import (
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// What a retry costs, and what a call that needed none gives back.
const (
	costTransient    = 14
	costThrottle     = 5
	successIncrement = 1
)

// Quota bounds the retries that a client makes while the service keeps failing. It
// holds as many tokens as the policy of a call says. A retry costs 14 of them, or 5
// after throttling; a success gives back what its last retry cost, or 1.
//
// The zero value is a full quota. A Quota is safe for concurrent use and must
// not be copied after first use.
type Quota struct {
	spent atomic.Int64
}

// Remaining returns the tokens that are left of [retry.DefaultQuota].
func (q *Quota) Remaining() int { return retry.DefaultQuota - int(q.spent.Load()) }

func (q *Quota) take(cost, tokens int64) bool {
	for {
		spent := q.spent.Load()
		if spent+cost > tokens {
			return false
		}
		if q.spent.CompareAndSwap(spent, spent+cost) {
			return true
		}
	}
}

func (q *Quota) giveBack(tokens int64) {
	for {
		spent := q.spent.Load()
		if spent == 0 { // full: nothing to write, so healthy callers share the cache line
			return
		}
		if q.spent.CompareAndSwap(spent, max(0, spent-tokens)) {
			return
		}
	}
}
