package errlog_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/errors/errlog"
)

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func Example() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	log.Error("no charge", errlog.Error(&errors.TooManyRequestsException{}))
	// Output: level=ERROR msg="no charge" error.message="TooManyRequestsException (status 429)" error.code=TooManyRequestsException error.status=429 error.may_have_executed=false
}

func TestWhatIsKnownOfAnErrorIsLogged(t *testing.T) {
	for want, err := range map[string]error{
		`{"level":"INFO","msg":"m"}`: nil,
		`{"level":"INFO","msg":"m","error":{"message":"EOF","may_have_executed":true}}`: io.EOF,
		`{"level":"INFO","msg":"m","error":{"message":"call: function f failed: Boom (request ID 1b)","function":"f","function_error_type":"Boom","request_id":"1b","may_have_executed":true}}`: fmt.Errorf("call: %w",
			&errors.FunctionError{FunctionName: "f", ErrorType: "Boom", RequestID: "1b"}),
		`{"level":"INFO","msg":"m","error":{"message":"transport failed at stage send, calling f: EOF","stage":"send","function":"f","may_have_executed":false}}`: &errors.TransportError{
			Stage: errors.StageSend, FunctionName: "f", Err: io.EOF},
	} {
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime})).Info("m", errlog.Error(err))
		require.JSONEq(t, want, out.String())
	}
	require.Equal(t, slog.Value{}, errlog.Value(nil))
}
