package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// object holds the members of a JSON object in the order in which they came.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// readObject reads the members at the top level of the JSON object that data holds, up to the first that is broken: what arrived whole
// before a cut still counts. ok is false if data does not begin as an object. Values are passed over, not built, so depth costs nothing.
func readObject(data []byte) (o object, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	for len(o) < maxMembers && dec.More() {
		name, err := dec.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		if s, isName := name.(string); isName {
			o = append(o, member{s, value})
		}
	}
	return o, true
}

// maxMembers is far above what any error has, and bounds what a hostile reply can make of this.
const maxMembers = 256

// get returns the value of the member with this name, or else of one whose name differs in case only, or nil.
func (o object) get(name string) json.RawMessage {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	for _, m := range o {
		if strings.EqualFold(m.name, name) {
			return m.value
		}
	}
	return nil
}

// text returns the string value of the first of the named members that has one which is not empty.
func (o object) text(names ...string) string {
	for _, name := range names {
		if s := text(o.get(name)); s != "" {
			return s
		}
	}
	return ""
}

// text returns the string that value is, "" if it is anything else.
func text(value json.RawMessage) string {
	var s string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}
