package streams_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/replies"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/streams"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestStreamsOfEverySizeHaveEqualBytes(t *testing.T) {
	script := start(t)
	random := rand.NewChaCha8([32]byte{4})
	for _, c := range []struct{ size, chunk int }{
		{0, 1}, {1, 1}, {3000, 1}, {100_000, 7}, {1 << 20, 1000}, {1 << 20, 1 << 16}, {20 << 20, 1 << 20}, {20 << 20, 1<<16 + 1},
	} {
		payload := make([]byte, c.size)
		_, err := random.Read(payload)
		require.NoError(t, err)
		var frames []streams.Frame
		for rest := payload; len(rest) > 0; {
			n := min(c.chunk, len(rest))
			frames = append(frames, streams.Chunk(rest[:n]))
			rest = rest[n:]
		}
		ours, sdk := script.outcomes(t, append(frames, streams.Complete("{}"))...)
		require.Equal(t, sdk, ours)
		require.Equal(t, int64(c.size), ours.Bytes)
		require.Equal(t, streams.Succeeded, ours.End)
	}
}

func TestStreamsEndAsInTheSDK(t *testing.T) {
	script := start(t)
	x := streams.Chunk([]byte("x"))
	for name, frames := range map[string][]streams.Frame{
		"success":                 {x, streams.Complete(`{}`)},
		"log":                     {x, streams.Complete(`{"LogResult":"bG9n"}`)},
		"empty payload":           {streams.Chunk(nil), x, streams.Chunk(nil), streams.Complete(`{}`)},
		"unknown events":          {streams.Unknown(), x, streams.Unknown(), streams.Complete(`{}`)},
		"function error":          {x, streams.Complete(`{"ErrorCode":"Runtime.ExitError","ErrorDetails":"{\"errorMessage\":\"m\",\"errorType\":\"Runtime.ExitError\"}"}`)},
		"function error with log": {x, streams.Complete(`{"ErrorCode":"Unhandled","ErrorDetails":"text","LogResult":"bG9n"}`)},
		"exception":               {x, streams.Exception("ServiceException", `{"message":"m"}`)},
		"exception at once":       {streams.Exception("TooManyRequestsException", `{"message":"m"}`)},
		"undocumented exception":  {x, streams.Exception("NovelException", `{"message":"m"}`)},
		"error in the headers":    {x, streams.Failure("InternalError", "m")},
		"corrupt payload":         {x, streams.Chunk([]byte("yyyy")).Flipped(100), streams.Complete(`{}`)},
		"corrupt length":          {x, streams.Chunk([]byte("yyyy")).Flipped(3), streams.Complete(`{}`)},
		"corrupt end":             {x, streams.Complete(`{}`).Flipped(20)},
		"success that is said to have failed with nothing": {x, streams.Complete(`{"ErrorCode":"","ErrorDetails":""}`)},
	} {
		ours, sdk := script.outcomes(t, frames...)
		require.Equal(t, sdk, ours, name)
		require.NotEqual(t, streams.Unsaid, ours.End, name)
	}
}

func TestErrorsBeforeAStreamAreReadAsTheSDKReadsThem(t *testing.T) {
	script := replies.Start(t)
	clients := pair.New(t, script.URL)
	for _, x := range errors.Exceptions() {
		script.Say(replies.Reply{
			Status: x.StatusCode,
			Header: map[string]string{"X-Amzn-Errortype": x.Code, "X-Amzn-Requestid": "id"},
			Body:   `{"message":"m"}`,
		})
		_, ours := streams.Ours(t.Context(), clients.Ours)
		_, sdk := streams.SDK(t.Context(), clients.SDK)
		require.Error(t, ours)
		require.Equal(t, pair.SDKOutcome(nil, sdk).Comparable(), pair.OurOutcome(nil, ours).Comparable(), x.Code)
	}
}

// Where the connection closes in good order, the SDK takes what came for all there is.
func TestAStreamThatIsCutAnywhereIsNeverTakenForWhole(t *testing.T) {
	script := start(t)
	whole := bytes.Join([][]byte{streams.Chunk([]byte("x")), streams.Chunk([]byte("yyyy")), streams.Complete(`{}`)}, nil)
	silent := 0
	for cut := range len(whole) {
		ours, sdk := script.outcomes(t, whole[:cut])
		require.Equal(t, streams.Broken, ours.End, "cut at %d of %d", cut, len(whole))
		require.Equal(t, sdk.Bytes, ours.Bytes)
		if sdk.End == streams.Unsaid {
			silent++
		}
	}
	require.Greater(t, silent, 100)
}

// net/http may ask a request's body for its end after the response began. A body that fails then takes the connection and
// the stream with it, as the SDK's does, now and then.
func TestAStreamOutlivesItsPayload(t *testing.T) {
	script := start(t)
	for range 1000 {
		script.frames = append(script.frames, streams.Chunk([]byte("x")))
	}
	script.frames = append(script.frames, streams.Complete("{}"))
	for range 100 {
		out, err := script.clients.Ours.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{
			FunctionName: "f", Payload: []byte("{}"),
		})
		require.NoError(t, err)
		n, err := io.Copy(io.Discard, out.Body)
		require.NoError(t, err)
		require.Equal(t, int64(1000), n)
	}
}

// script is an endpoint that answers with the frames it was given last.
type script struct {
	frames  []streams.Frame
	clients pair.Pair
}

func start(t *testing.T) *script {
	s := &script{}
	endpoint := capture.Start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		w.Header().Set("X-Amz-Executed-Version", "7")
		for _, f := range s.frames {
			if _, err := w.Write(f); err != nil {
				return // the client has heard enough
			}
		}
	})
	s.clients = pair.New(t, endpoint.URL)
	return s
}

// outcomes streams the frames to both clients, one after the other.
func (s *script) outcomes(t *testing.T, frames ...streams.Frame) (ours, sdk streams.Outcome) {
	t.Helper()
	s.frames = frames // no request is under way
	ours, err := streams.Ours(t.Context(), s.clients.Ours)
	require.NoError(t, err)
	sdk, err = streams.SDK(t.Context(), s.clients.SDK)
	require.NoError(t, err)
	return ours, sdk
}
