package jsoncodec_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/jsoncodec"
)

type secret struct{ Word string }

func (secret) MarshalJSON() ([]byte, error) { return []byte(`the word is "swordfish"`), nil }

func encode[T any](v T) (string, error) {
	payload, err := jsoncodec.Encoder[T]()(&v)
	return string(payload), err
}

func TestEncoder(t *testing.T) {
	n := 7
	for want, got := range map[string]func() (string, error){
		`not JSON`:    func() (string, error) { return encode([]byte("not JSON")) },
		` { "a" : 1}`: func() (string, error) { return encode(json.RawMessage(` { "a" : 1}`)) },
		`[1,2]`:       func() (string, error) { return encode([]int{1, 2}) },
		`7`:           func() (string, error) { return encode(&n) },
		`"x"`:         func() (string, error) { return encode(any("x")) },
		`null`:        func() (string, error) { return encode([]int(nil)) },
	} {
		payload, err := got()
		require.NoError(t, err, want)
		require.Equal(t, want, payload)
	}
	for _, got := range []func() (string, error){
		func() (string, error) { return encode(struct{}{}) },
		func() (string, error) { return encode[*int](nil) },
		func() (string, error) { return encode[any](nil) },
	} {
		payload, err := got()
		require.NoError(t, err)
		require.Empty(t, payload)
	}
}

func TestAnErrorOfAnEncoderQuotesNoPayload(t *testing.T) {
	for want, got := range map[string]func() (string, error){
		"the input cannot be encoded as JSON: *json.MarshalerError": func() (string, error) { return encode(secret{"swordfish"}) },
		"json: unsupported type: chan int":                          func() (string, error) { return encode(make(chan int)) },
	} {
		payload, err := got()
		require.Empty(t, payload)
		var failed *jsoncodec.EncodeError
		require.ErrorAs(t, err, &failed)
		require.EqualError(t, err, want)
	}
}

func TestDecoder(t *testing.T) {
	var bytes []byte
	require.NoError(t, jsoncodec.Decoder[[]byte]()([]byte("not JSON"), &bytes))
	require.Equal(t, "not JSON", string(bytes))
	var raw json.RawMessage
	require.NoError(t, jsoncodec.Decoder[json.RawMessage]()([]byte("not JSON"), &raw))
	require.Equal(t, "not JSON", string(raw))
	require.NoError(t, jsoncodec.Decoder[struct{}]()([]byte("not JSON"), new(struct{})))
	n := 7
	require.NoError(t, jsoncodec.Decoder[int]()(nil, &n))
	require.Equal(t, 7, n)
	require.NoError(t, jsoncodec.Decoder[int]()([]byte("8"), &n))
	require.Equal(t, 8, n)
	require.Error(t, jsoncodec.Decoder[int]()([]byte(`"x"`), &n))
}
