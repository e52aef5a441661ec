// Package jsoncodec makes payloads of Go values and Go values of payloads, by the rules that invoke.Func documents.
package jsoncodec

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Encoder decides, once for a type, how a value becomes a payload. The error of
// the function it returns is an [*EncodeError].
func Encoder[T any]() func(*T) ([]byte, error) {
	switch any((*T)(nil)).(type) {
	case *[]byte:
		return func(v *T) ([]byte, error) { return *any(v).(*[]byte), nil }
	case *json.RawMessage:
		return func(v *T) ([]byte, error) { return *any(v).(*json.RawMessage), nil }
	case *struct{}:
		return func(*T) ([]byte, error) { return nil, nil }
	}
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Pointer, reflect.Interface:
		return func(v *T) ([]byte, error) {
			payload, err := marshal(v)
			if string(payload) == "null" {
				payload = nil
			}
			return payload, err
		}
	default:
		return func(v *T) ([]byte, error) { return marshal(v) }
	}
}

func marshal(v any) ([]byte, error) {
	payload, err := json.Marshal(v)
	if err != nil {
		return nil, &EncodeError{err}
	}
	return payload, nil
}

// EncodeError hides what an encoder's error may quote, which is a part of the
// payload.
type EncodeError struct{ err error }

// Error names the type that cannot be encoded.
func (e *EncodeError) Error() string {
	var unsupported *json.UnsupportedTypeError
	if errors.As(e.err, &unsupported) {
		return unsupported.Error()
	}
	return fmt.Sprintf("the input cannot be encoded as JSON: %T", e.err)
}

// Unwrap returns the encoder's error.
func (e *EncodeError) Unwrap() error { return e.err }

// Decoder decides, once for a type, how a payload becomes a value.
func Decoder[T any]() func([]byte, *T) error {
	switch any((*T)(nil)).(type) {
	case *[]byte:
		return func(payload []byte, v *T) error { *any(v).(*[]byte) = payload; return nil }
	case *json.RawMessage:
		return func(payload []byte, v *T) error { *any(v).(*json.RawMessage) = payload; return nil }
	case *struct{}:
		return func([]byte, *T) error { return nil }
	default:
		return func(payload []byte, v *T) error {
			if len(payload) == 0 {
				return nil
			}
			return json.Unmarshal(payload, v)
		}
	}
}
