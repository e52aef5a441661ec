package wire

import (
	"bytes"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

// object holds the members of a JSON object in the order in which they came. It shares the bytes that it was read from.
type object []member

type member struct {
	name  []byte
	value jsonvalue.Value
}

// Bounds on the members of one object.
const (
	usualMembers = 16  // what an error has at most, so that reading it takes no memory but the caller's stack
	maxMembers   = 256 // far above that; bounds what a hostile reply can make of this
)

// readObject appends to o, which is empty, the members at the top level of the JSON object that data begins with, up to the first that
// is broken: what arrived whole before a cut still counts.
func readObject(o object, data []byte) object {
	for name, value := range jsonvalue.Members(data) {
		if o = append(o, member{name, value}); len(o) == maxMembers {
			break
		}
	}
	return o
}

// get returns the value of the member with this name, or else of one whose name differs in case only, or nil.
func (o object) get(name string) jsonvalue.Value {
	for _, m := range o {
		if string(m.name) == name {
			return m.value
		}
	}
	for _, m := range o {
		if bytes.EqualFold(m.name, []byte(name)) {
			return m.value
		}
	}
	return nil
}

// text returns the string value of the first of the named members that has one which is not empty.
func (o object) text(names ...string) string {
	for _, name := range names {
		if s, _ := o.get(name).Text(); s != "" {
			return s
		}
	}
	return ""
}
