package jsonvalue_test

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
)

// item is a member of an object, or an element of an array.
type item struct{ name, value string }

// found is what this package finds in data.
func found(data []byte) (members, elements []item) {
	for name, value := range jsonvalue.Members(data) {
		members = append(members, item{string(name), string(value)})
	}
	for value := range jsonvalue.Elements(data) {
		elements = append(elements, item{value: string(value)})
	}
	return members, elements
}

// expected is what encoding/json finds there.
func expected(data []byte) (members, elements []item) {
	dec := json.NewDecoder(bytes.NewReader(data))
	switch start, _ := dec.Token(); start {
	case json.Delim('{'):
		return walk(dec, true), nil
	case json.Delim('['):
		return nil, walk(dec, false)
	}
	return nil, nil
}

// walk goes through what dec is inside of, up to the first that is broken.
func walk(dec *json.Decoder, named bool) (items []item) {
	for dec.More() {
		var next item
		if named {
			name, err := dec.Token()
			if err != nil {
				break
			}
			next.name = name.(string)
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		next.value = string(value)
		items = append(items, next)
	}
	return items
}

// expectedOffset is where encoding/json finds that data is no JSON value, len(data) if it is one.
func expectedOffset(data []byte) int {
	var whole json.RawMessage
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(append(bytes.Clone(data), 0), &whole), &syntax) { // JSON has no NUL anywhere
		panic("encoding/json accepts a NUL")
	}
	return int(syntax.Offset) - 1 // it counts the byte
}
