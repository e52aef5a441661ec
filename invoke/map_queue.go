package invoke

// queue is first in, first out. Its zero value is empty.
type queue[T any] struct {
	items []T
	head  int // items before it are gone
}

func (q *queue[T]) push(item T) {
	if q.head > len(q.items)/2 { // so that it does not grow with what has passed
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

func (q *queue[T]) peek() (item T, ok bool) {
	if q.head == len(q.items) {
		return item, false
	}
	return q.items[q.head], true
}

func (q *queue[T]) pop() (item T, ok bool) {
	if item, ok = q.peek(); ok {
		var zero T
		q.items[q.head] = zero
		q.head++
	}
	return item, ok
}
