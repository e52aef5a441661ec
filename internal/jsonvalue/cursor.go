package jsonvalue

import "strings"

// maxDepth is how deep encoding/json lets values be nested.
const maxDepth = 10000

// cursor is a place in data. Its methods move past what the grammar expects there. They return false where something else stands, with
// the place at the first byte that cannot be there.
type cursor struct {
	data []byte
	at   int
}

// value passes over a value. It keeps a list of the open brackets and does not recurse, because the input decides how deep they go, and
// recursion would let it grow the goroutine's stack.
func (c *cursor) value() bool {
	var room [32]byte
	closing := room[:0] // the closing brackets that are still missing, the innermost last
	for {
		ended := true // what stands here, whole
		if b := c.peek(); b == '{' || b == '[' {
			if len(closing) == maxDepth {
				return false
			}
			closing = append(closing, b+2) // which in ASCII is } or ]
			c.token(b)
			ended = c.peek() == b+2
		} else if !c.scalar() {
			return false
		}
		for ended {
			last := len(closing) - 1
			if last < 0 {
				return true
			}
			c.space()
			if ended = c.take(closing[last]); ended {
				closing = closing[:last]
			} else if !c.token(',') {
				return false
			}
		}
		if closing[len(closing)-1] == '}' {
			if _, ok := c.name(); !ok {
				return false
			}
		}
	}
}

// name passes over a member's name, and over the colon.
func (c *cursor) name() (quoted Value, ok bool) {
	start := c.at
	if !c.string() {
		return nil, false
	}
	quoted = c.data[start:c.at]
	return quoted, c.token(':')
}

// scalar passes over a value that has no others in it.
func (c *cursor) scalar() bool {
	switch c.peek() {
	case '"':
		return c.string()
	case 't':
		return c.word("true")
	case 'f':
		return c.word("false")
	case 'n':
		return c.word("null")
	default:
		return c.number()
	}
}

func (c *cursor) string() bool {
	if !c.take('"') {
		return false
	}
	for c.at < len(c.data) {
		b := c.data[c.at]
		if b < ' ' {
			return false
		}
		c.at++
		switch {
		case b == '"':
			return true
		case b == '\\' && !c.escaped():
			return false
		}
	}
	return false
}

// escaped passes over what follows a backslash.
func (c *cursor) escaped() bool {
	if !c.take('u') {
		return c.oneOf(`"\/bfnrt`)
	}
	for range 4 {
		if !c.oneOf("0123456789abcdefABCDEF") {
			return false
		}
	}
	return true
}

func (c *cursor) number() bool {
	c.take('-')
	if !c.take('0') && !c.digits() {
		return false
	}
	if c.take('.') && !c.digits() {
		return false
	}
	if c.oneOf("eE") {
		c.oneOf("+-")
		return c.digits()
	}
	return true
}

func (c *cursor) digits() bool {
	start := c.at
	for c.oneOf("0123456789") {
	}
	return c.at > start
}

func (c *cursor) word(w string) bool {
	for i := range len(w) {
		if !c.take(w[i]) {
			return false
		}
	}
	return true
}

// token passes over b with the space around it.
func (c *cursor) token(b byte) bool {
	c.space()
	ok := c.take(b)
	c.space()
	return ok
}

func (c *cursor) space() {
	for b := c.peek(); b == ' ' || b == '\n' || b == '\t' || b == '\r'; b = c.peek() {
		c.at++
	}
}

func (c *cursor) take(b byte) bool {
	if c.at == len(c.data) || c.data[c.at] != b {
		return false
	}
	c.at++
	return true
}

func (c *cursor) oneOf(set string) bool {
	if c.at == len(c.data) || strings.IndexByte(set, c.data[c.at]) < 0 {
		return false
	}
	c.at++
	return true
}

// peek returns the byte that stands here, or at the end 0, which JSON has nowhere.
func (c *cursor) peek() byte {
	if c.at < len(c.data) {
		return c.data[c.at]
	}
	return 0
}
