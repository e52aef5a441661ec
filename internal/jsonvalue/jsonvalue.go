// Package jsonvalue reads JSON in place: it finds the members of an object and the elements of an array, and allocates no strings for
// those that the caller does not ask for. That is all that errors need, without the reflection of encoding/json.
//
// What is JSON and what a string means is exactly what encoding/json says. Time is linear in the input, whatever it is; memory is taken
// only for names with escapes and for the depth of a value, which is bounded.
package jsonvalue

import "iter"

// Value is one JSON value, with no space around it. It shares the bytes that it was read from.
type Value []byte

// Parse returns the value that data is, apart from space around it. ok is false if data is not one valid JSON value.
func Parse(data []byte) (v Value, ok bool) {
	c := cursor{data: data}
	c.space()
	start := c.at
	if !c.value() {
		return nil, false
	}
	v = data[start:c.at]
	if c.space(); c.at < len(data) {
		return nil, false
	}
	return v, true
}

// Check returns the offset of the first byte that keeps data from being one JSON value with space around it. The offset is len(data)
// where data ends too early. ok is true if data is one JSON value.
func Check(data []byte) (offset int, ok bool) {
	c := cursor{data: data}
	c.space()
	if !c.value() {
		return c.at, false
	}
	c.space()
	return c.at, c.at == len(data)
}

// IsObject reports whether data begins as an object, so that Members may find some.
func IsObject(data []byte) bool {
	c := cursor{data: data}
	c.space()
	return c.take('{')
}

// Members goes through the names and values at the top level of the object that data begins with, in order, up to the first that is
// broken: what arrived whole before a cut still counts. There are none if data begins with something else. A name has its escapes
// resolved and is not to be changed: most often it shares data's bytes.
func Members(data []byte) iter.Seq2[[]byte, Value] {
	return func(yield func([]byte, Value) bool) { items(data, '{', yield) }
}

// Elements goes through the elements of the array that data begins with as Members goes through members.
func Elements(data []byte) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		items(data, '[', func(_ []byte, v Value) bool { return yield(v) })
	}
}

// items shows see what is in the object or array that data begins with, until there is no more or see returns false.
func items(data []byte, opening byte, see func(name []byte, v Value) bool) {
	c := cursor{data: data}
	for separator := opening; c.token(separator); separator = ',' {
		var name []byte
		if opening == '{' {
			quoted, ok := c.name()
			if !ok {
				return
			}
			name = quoted.unquoted()
		}
		start := c.at
		if !c.value() || !see(name, data[start:c.at]) {
			return
		}
	}
}
