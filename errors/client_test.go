package errors_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestTransportErrorNamesStageAndReason(t *testing.T) {
	for want, e := range map[string]*errors.TransportError{
		"transport failed at stage unknown":                             {},
		"transport failed at stage connect: EOF":                        {Stage: errors.StageConnect, Err: io.EOF},
		"transport failed at stage send: context canceled":              {Stage: errors.StageSend, Err: context.Canceled},
		"transport failed at stage await: EOF":                          {Stage: errors.StageAwait, Err: io.EOF},
		"transport failed at stage receive (status 200, request ID 1b)": {Stage: errors.StageReceive, StatusCode: 200, RequestID: "1b"},
		"transport failed at stage send, calling f:live at localhost:3001: EOF": {
			Stage: errors.StageSend, Err: io.EOF, FunctionName: "f:live", Host: "localhost:3001",
		},
	} {
		require.EqualError(t, e, want)
	}
	require.ErrorIs(t, &errors.TransportError{Err: context.DeadlineExceeded}, context.DeadlineExceeded)
}

func TestCredentialsErrorGivesTheProvidersReason(t *testing.T) {
	e := &errors.CredentialsError{Err: io.EOF}
	require.EqualError(t, e, "no credentials to sign the request with: EOF")
	require.ErrorIs(t, e, io.EOF)
	require.EqualError(t, &errors.CredentialsError{}, "no credentials to sign the request with")
}

func TestResponseTooLargeErrorGivesTheSizes(t *testing.T) {
	require.EqualError(t, &errors.ResponseTooLargeError{Limit: 10, Size: 11, StatusCode: 200, RequestID: "1b"},
		"response is larger than the limit of 10 bytes: it declares 11 (status 200, request ID 1b)")
	require.EqualError(t, &errors.ResponseTooLargeError{Limit: 10, Size: -1, StatusCode: 200},
		"response is larger than the limit of 10 bytes (status 200)")
}

func TestDecodeErrorNeverQuotesThePayload(t *testing.T) {
	decode := func(payload string, into any) error {
		return &errors.DecodeError{Payload: []byte(payload), Err: json.Unmarshal([]byte(payload), into), RequestID: "1b"}
	}
	const begin = "the function succeeded, but its result of "
	require.EqualError(t, decode(`{"a":700}`, new(map[string]int8)), begin+"9 bytes did not decode: a JSON number where Go has int8, at byte 8 (request ID 1b)")
	require.EqualError(t, decode(`7`, new(string)), begin+"1 byte did not decode: a JSON number where Go has string, at byte 1 (request ID 1b)")
	require.EqualError(t, decode(`secret`, new(string)), begin+"6 bytes did not decode: not JSON at byte 1 (request ID 1b)")
	require.EqualError(t, decode(`"secret"`, new(time.Time)), begin+"8 bytes did not decode: *time.ParseError (request ID 1b)")
	require.EqualError(t, &errors.DecodeError{}, begin+"0 bytes did not decode")

	err := &errors.DecodeError{Payload: []byte("secret")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		require.Contains(t, fmt.Sprintf(verb, err), "6 bytes did not decode", verb)
		require.NotContains(t, fmt.Sprintf(verb, err), "115", verb) // the byte of an s
	}

	var syntax *json.SyntaxError
	require.ErrorAs(t, decode(`secret`, new(string)), &syntax)
}
