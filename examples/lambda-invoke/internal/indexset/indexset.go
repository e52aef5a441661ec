// Package indexset holds sets of the indexes of items. A set takes one bit for
// an item, and next to nothing where all items of a stretch are in it or none is.
package indexset

import (
	"iter"
	"math/bits"
)

const pageBits = 4096

type page struct {
	n    int
	bits [pageBits / 64]uint64
}

// full stands for every page that has all its bits. It is never written to.
var full = func() *page {
	p := &page{n: pageBits}
	for i := range p.bits {
		p.bits[i] = ^uint64(0)
	}
	return p
}()

// Set is a set of indexes. The zero value is empty. It is for one goroutine.
type Set struct {
	pages []*page // nil: an empty one
	n     int
}

// Len returns how many indexes are in the set.
func (s *Set) Len() int { return s.n }

// Has reports whether an index is in the set.
func (s *Set) Has(index int) bool {
	at, word, bit := position(index)
	return at < len(s.pages) && s.pages[at] != nil && s.pages[at].bits[word]&bit != 0
}

// Add puts an index in. It returns false if it was there already.
func (s *Set) Add(index int) bool {
	if s.Has(index) {
		return false
	}
	at, word, bit := position(index)
	for at >= len(s.pages) {
		s.pages = append(s.pages, nil)
	}
	if s.pages[at] == nil {
		s.pages[at] = new(page)
	}
	p := s.pages[at]
	p.bits[word] |= bit
	if p.n++; p.n == pageBits {
		s.pages[at] = full
	}
	s.n++
	return true
}

// Remove takes an index out. It returns false if it was not there.
func (s *Set) Remove(index int) bool {
	if !s.Has(index) {
		return false
	}
	at, word, bit := position(index)
	p := s.pages[at]
	if p == full {
		copied := *full
		p = &copied
	}
	p.bits[word] &^= bit
	if p.n--; p.n == 0 {
		p = nil
	}
	s.pages[at] = p
	s.n--
	return true
}

// All yields the indexes in ascending order. The set must not change meanwhile,
// except that what was yielded may be removed.
func (s *Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for at, p := range s.pages {
			if p == nil {
				continue
			}
			for word, left := range p.bits {
				for ; left != 0; left &= left - 1 {
					if !yield(at*pageBits + word*64 + bits.TrailingZeros64(left)) {
						return
					}
				}
			}
		}
	}
}

func position(index int) (page, word int, bit uint64) {
	return index / pageBits, index % pageBits / 64, 1 << (index % 64)
}
