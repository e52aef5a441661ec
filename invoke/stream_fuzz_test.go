package invoke_test

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// FuzzStream reads whatever a response's body may hold. It ends with io.EOF or
// one of the documented errors, yields no byte that is not in the frames, and
// comes to the same however it is read.
func FuzzStream(f *testing.F) {
	stream, _ := severalFrames()
	f.Add(stream)
	f.Add(stream[:len(stream)-1])
	f.Add(framed([]byte("hello"), 2).Bytes())
	f.Add(new(frames).chunk([]byte("x")).exception("TooManyRequestsException", `{"Reason":"CallerRateLimitExceeded"}`).Bytes())
	f.Add(new(frames).complete(eventstream.Complete{ErrorCode: "Unhandled", ErrorDetails: `{"errorType":"E","cause":{}}`, LogResult: "%"}).Bytes())
	f.Add(errorFrame("InternalFailure", "\x00").Bytes())
	f.Add([]byte("<html>not a stream</html>"))
	f.Add([]byte{})

	f.Fuzz(func(t *testing.T, body []byte) {
		whole := open(t, streamed(bytes.NewReader(body)))
		got, err := io.ReadAll(whole.Body)
		require.LessOrEqual(t, len(got), len(body))
		requireKnownEnd(t, err)
		_, _ = whole.Log()
		_, _ = whole.Report()

		var copied bytes.Buffer
		_, copyErr := io.Copy(&copied, open(t, streamed(iotest.OneByteReader(bytes.NewReader(body)))).Body)
		require.True(t, bytes.Equal(got, copied.Bytes()))
		require.Equal(t, err, copyErr)
	})
}

func requireKnownEnd(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	require.NotEmpty(t, err.Error())
	require.True(t, errors.MayHaveExecuted(err))
	var function *errors.FunctionError
	var exception *errors.StreamError
	var transport *errors.TransportError
	if !errors.As(err, &function) && !errors.As(err, &exception) {
		require.ErrorAs(t, err, &transport)
	}
}
