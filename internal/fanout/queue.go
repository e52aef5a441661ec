package fanout

import (
	"math"
	"slices"
	"time"
)

// fifo is a queue, first in, first out. Its zero value is empty.
type fifo[T any] struct {
	items []T
	head  int // items before it have been popped
}

func (q *fifo[T]) push(item T) {
	if q.head > len(q.items)/2 { // reuse the space of what was popped
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

func (q *fifo[T]) peek() (item T, ok bool) {
	if q.head == len(q.items) {
		return item, false
	}
	return q.items[q.head], true
}

func (q *fifo[T]) pop() (item T, ok bool) {
	if item, ok = q.peek(); ok {
		var zero T
		q.items[q.head] = zero
		q.head++
	}
	return item, ok
}

// retryQueue holds the jobs that were refused, those of the oldest items first.
// Each may be launched from its notBefore on. Its zero value is empty.
type retryQueue[T any] []*job[T]

func (q *retryQueue[T]) push(j *job[T]) {
	at, _ := slices.BinarySearchFunc(*q, j, func(a, b *job[T]) int { return a.index - b.index })
	*q = slices.Insert(*q, at, j)
}

// pop removes the oldest job that may be launched now, and returns nil where
// there is none.
func (q *retryQueue[T]) pop(now time.Time) *job[T] {
	i := slices.IndexFunc(*q, func(j *job[T]) bool { return !j.notBefore.After(now) })
	if i < 0 {
		return nil
	}
	j := (*q)[i]
	*q = slices.Delete(*q, i, i+1)
	return j
}

// popExpired removes the oldest job if its deadline has passed, and returns nil
// otherwise. Deadlines are in the order of the items.
func (q *retryQueue[T]) popExpired(now time.Time) *job[T] {
	if len(*q) == 0 || !(*q)[0].expired(now) {
		return nil
	}
	j := (*q)[0]
	*q = slices.Delete(*q, 0, 1)
	return j
}

// untilExpiry returns how long it is until a job expires, never where none does.
func (q retryQueue[T]) untilExpiry(now time.Time) time.Duration {
	if len(q) == 0 || q[0].deadline.IsZero() {
		return never
	}
	return max(0, q[0].deadline.Sub(now))
}

// wait returns how long it is until a job may be launched, never where the queue
// is empty.
func (q retryQueue[T]) wait(now time.Time) time.Duration {
	delay := never
	for _, j := range q {
		delay = min(delay, max(0, j.notBefore.Sub(now)))
	}
	return delay
}

// never is a wait that does not end by itself.
const never = time.Duration(math.MaxInt64)
