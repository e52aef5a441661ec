package eventstream_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	smithy "github.com/aws/smithy-go/eventstream"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// stream returns the bytes of a stream that has every kind of event.
func stream(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, []byte("hello, ")))
	require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, nil))
	require.NoError(t, eventstream.AppendEvent(&b, "Heartbeat", []byte("{}")))
	require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, []byte("world")))
	require.NoError(t, eventstream.AppendException(&b, "ServiceException", []byte(`{"message":"oh"}`)))
	require.NoError(t, eventstream.AppendError(&b, "InternalFailure", "oh no"))
	require.NoError(t, eventstream.AppendComplete(&b, eventstream.Complete{ErrorCode: "Function.Boom", ErrorDetails: "it went", LogResult: "bG9n"}))
	return b.Bytes()
}

// events reads a stream to its end, with payloads that outlive the reading.
func events(r io.Reader) ([]eventstream.Event, error) {
	reader := eventstream.NewReader(r)
	all := []eventstream.Event{}
	for {
		event, err := reader.Next()
		if err != nil {
			return all, err
		}
		event.Payload = bytes.Clone(event.Payload)
		all = append(all, event)
	}
}

// frame returns a frame with checksums that hold, whatever else does not.
func frame(total, headersLen uint32, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, total)
	b = binary.BigEndian.AppendUint32(b, headersLen)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// headers returns the encoded form of headers given as names and values in turn.
func headers(t testing.TB, pairs ...any) []byte {
	t.Helper()
	var hs smithy.Headers
	for i := 0; i < len(pairs); i += 2 {
		hs.Set(pairs[i].(string), pairs[i+1].(smithy.Value))
	}
	var b bytes.Buffer
	require.NoError(t, smithy.EncodeHeaders(&b, hs))
	return b.Bytes()
}

func TestReaderReadsEveryKindOfEvent(t *testing.T) {
	want := []eventstream.Event{
		{Kind: eventstream.KindPayload, Type: "PayloadChunk", Payload: []byte("hello, ")},
		{Kind: eventstream.KindPayload, Type: "PayloadChunk", Payload: []byte{}},
		{Kind: eventstream.KindUnknown, Type: "Heartbeat", Payload: []byte("{}")},
		{Kind: eventstream.KindPayload, Type: "PayloadChunk", Payload: []byte("world")},
		{Kind: eventstream.KindException, Type: "ServiceException", Payload: []byte(`{"message":"oh"}`)},
		{Kind: eventstream.KindException, Type: "InternalFailure", Payload: []byte{}, ErrorMessage: "oh no"},
		{
			Kind: eventstream.KindComplete, Type: "InvokeComplete",
			Payload:  []byte(`{"ErrorCode":"Function.Boom","ErrorDetails":"it went","LogResult":"bG9n"}`),
			Complete: eventstream.Complete{ErrorCode: "Function.Boom", ErrorDetails: "it went", LogResult: "bG9n"},
		},
	}
	readers := map[string]func(io.Reader) io.Reader{
		"all at once":           func(r io.Reader) io.Reader { return r },
		"byte by byte":          iotest.OneByteReader,
		"in halves":             iotest.HalfReader,
		"end with the last":     iotest.DataErrReader,
		"byte by byte with end": func(r io.Reader) io.Reader { return iotest.DataErrReader(iotest.OneByteReader(r)) },
	}
	for name, wrap := range readers {
		t.Run(name, func(t *testing.T) {
			got, err := events(wrap(bytes.NewReader(stream(t))))
			require.Same(t, io.EOF, err)
			require.Equal(t, want, got)
		})
	}
}

func TestReaderReadsCompletions(t *testing.T) {
	tests := map[string]struct {
		payload string
		want    eventstream.Complete
		err     string
	}{
		"success, empty":    {payload: ""},
		"success, no error": {payload: "{}"},
		"success, nulls":    {payload: `{"ErrorCode":null,"ErrorDetails":null,"LogResult":null}`},
		"log":               {payload: `{"LogResult":"bG9n","More":[1]}`, want: eventstream.Complete{LogResult: "bG9n"}},
		"failure":           {payload: `{"ErrorCode":"Unhandled","ErrorDetails":"{\"errorMessage\":\"x\"}"}`, want: eventstream.Complete{ErrorCode: "Unhandled", ErrorDetails: `{"errorMessage":"x"}`}},
		"no JSON":           {payload: "secret", err: "invalid event stream frame at byte 0: InvokeComplete is not the expected JSON"},
		"other JSON":        {payload: `{"ErrorCode":12}`, err: "invalid event stream frame at byte 0: InvokeComplete is not the expected JSON"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, eventstream.AppendEvent(&b, eventstream.InvokeComplete, []byte(test.payload)))
			event, err := eventstream.NewReader(&b).Next()
			if test.err != "" {
				require.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, eventstream.KindComplete, event.Kind)
			require.Equal(t, test.want, event.Complete)
		})
	}
}

func TestReaderRefusesFramesThatAreInvalidDespiteTheirChecksums(t *testing.T) {
	good := headers(t, ":message-type", smithy.StringValue("event"), ":event-type", smithy.StringValue("PayloadChunk"))
	size := func(body []byte) uint32 { return uint32(len(body)) + 16 }
	tests := map[string]struct {
		frame  []byte
		reason string
	}{
		"length zero":                 {frame(0, 0, nil), "its length is 0, not between 16 and 25165824"},
		"length below the least":      {frame(15, 0, nil), "its length is 15, not between 16 and 25165824"},
		"length above the most":       {frame(24<<20+1, 0, nil), "its length is 25165825, not between 16 and 25165824"},
		"length of 4 GB":              {frame(1<<32-1, 0, nil), "its length is 4294967295, not between 16 and 25165824"},
		"headers longer than frame":   {frame(20, 5, make([]byte, 4)), "its headers' length is 5 in a frame of 20"},
		"headers of 4 GB":             {frame(20, 1<<32-1, make([]byte, 4)), "its headers' length is 4294967295 in a frame of 20"},
		"headers above the most":      {frame(1<<20, 128<<10+1, nil), "its headers' length is 131073 in a frame of 1048576"},
		"header longer than headers":  {frame(size(good), uint32(len(good))-1, good), "a header is longer than its headers"},
		"header name alone":           {frame(18, 2, []byte{1, 'x'}), "a header is longer than its headers"},
		"header of unknown type":      {frame(19, 3, []byte{1, 'x', 99}), "unable to decode header of unknown value type 99"},
		"no headers":                  {frame(16, 0, nil), `its message type is ""`},
		"unknown message type":        {frame(size(headers(t, ":message-type", smithy.StringValue("initial"))), uint32(len(headers(t, ":message-type", smithy.StringValue("initial")))), headers(t, ":message-type", smithy.StringValue("initial"))), `its message type is "initial"`},
		"message type of other type":  {frame(size(headers(t, ":message-type", smithy.BoolValue(true))), uint32(len(headers(t, ":message-type", smithy.BoolValue(true)))), headers(t, ":message-type", smithy.BoolValue(true))), `its message type is ""`},
		"wrong checksum of the frame": {append(frame(size(good), uint32(len(good)), good)[:size(good)-4], 0, 0, 0, 0), "its checksum does not match"},
		"wrong checksum of prelude":   {append([]byte{0, 0, 0, 16, 0, 0, 0, 0, 1, 2, 3, 4}, 0, 0, 0, 0), "the checksum of its prelude does not match"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			first := frame(size(good), uint32(len(good)), good)
			reader := eventstream.NewReader(bytes.NewReader(append(bytes.Clone(first), test.frame...)))
			event, err := reader.Next()
			require.NoError(t, err)
			require.Equal(t, eventstream.KindPayload, event.Kind)

			for range 2 { // it does not go on to some other frame
				event, err = reader.Next()
				var invalid *eventstream.FrameError
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, &eventstream.FrameError{Offset: int64(len(first)), Reason: test.reason}, invalid)
				require.Zero(t, event)
			}
		})
	}
}

func TestReaderTellsACutStreamFromACompleteOne(t *testing.T) {
	whole := stream(t)
	all, _ := events(bytes.NewReader(whole))
	boundary := map[int]bool{}
	for at := 0; at < len(whole); at += int(binary.BigEndian.Uint32(whole[at:])) {
		boundary[at] = true
	}
	require.Len(t, boundary, len(all))
	for cut := range len(whole) {
		got, err := events(bytes.NewReader(whole[:cut]))
		if boundary[cut] {
			require.Same(t, io.EOF, err, "cut at %d", cut)
		} else {
			require.Same(t, io.ErrUnexpectedEOF, err, "cut at %d", cut)
		}
		require.Equal(t, all[:len(got)], got)
	}
}

func TestReaderReturnsTheStreamsOwnErrorWhereverItStrikes(t *testing.T) {
	broken := errors.New("connection reset")
	whole := stream(t)
	for at := range len(whole) + 1 {
		reader := io.MultiReader(bytes.NewReader(whole[:at]), iotest.ErrReader(broken))
		_, err := events(reader)
		require.Same(t, broken, err, "at %d", at)
		_, err = events(iotest.OneByteReader(io.MultiReader(bytes.NewReader(whole[:at]), iotest.ErrReader(broken))))
		require.Same(t, broken, err, "at %d", at)
	}
}

func TestReaderNoticesEveryCorruptByte(t *testing.T) {
	whole := stream(t)
	all, _ := events(bytes.NewReader(whole))
	for at := range whole {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			corrupt := bytes.Clone(whole)
			corrupt[at] ^= flip
			got, err := events(bytes.NewReader(corrupt))
			var invalid *eventstream.FrameError
			require.ErrorAs(t, err, &invalid, "byte %d", at)
			require.Less(t, len(got), len(all))
			require.LessOrEqual(t, invalid.Offset, int64(at))
			require.Equal(t, all[:len(got)], got, "byte %d", at)
		}
	}
}

func TestReaderReadsNothingBeyondTheFrame(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, []byte("first")))
	server, client := io.Pipe()
	go func() { _, _ = client.Write(b.Bytes()) }() // and nothing more, ever

	event, err := eventstream.NewReader(server).Next()
	require.NoError(t, err)
	require.Equal(t, "first", string(event.Payload))
	require.NoError(t, server.Close())
}

func TestReaderReusesOneBuffer(t *testing.T) {
	var b bytes.Buffer
	for _, payload := range []string{strings.Repeat("a", 4096), "", "b", strings.Repeat("c", 4096)} {
		require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, []byte(payload)))
	}
	reader := eventstream.NewReader(&b)
	first, err := reader.Next()
	require.NoError(t, err)
	kept := first.Payload
	for _, want := range []string{"", "b", strings.Repeat("c", 4096)} {
		event, err := reader.Next()
		require.NoError(t, err)
		require.Equal(t, want, string(event.Payload))
	}
	require.Equal(t, strings.Repeat("c", 4096), string(kept))
}

func TestReaderAllocatesNothingForOneMoreChunk(t *testing.T) {
	var chunk bytes.Buffer
	require.NoError(t, eventstream.AppendEvent(&chunk, eventstream.PayloadChunk, make([]byte, 64<<10)))
	reader := eventstream.NewReader(&loop{data: chunk.Bytes(), left: 100})
	_, err := reader.Next()
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(50, func() {
		if _, err := reader.Next(); err != nil {
			t.Error(err)
		}
	}))
}

// A frame that says that it is large costs nothing until its bytes come.
func TestReaderDoesNotAllocateForALyingLength(t *testing.T) {
	lie := frame(24<<20, 0, nil)
	const times = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		_, err := eventstream.NewReader(bytes.NewReader(lie)).Next()
		require.Same(t, io.ErrUnexpectedEOF, err)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/times, uint64(16<<10))
}

func TestPayloadsOfEverySizeComeBackEqual(t *testing.T) {
	for _, size := range []int{0, 1, 511, 512, 513, 4096, 65_535, 1 << 20, 6 << 20} {
		payload := bytes.Repeat([]byte("0123456789abcde"), size/15+1)[:size]
		var b bytes.Buffer
		require.NoError(t, eventstream.AppendEvent(&b, eventstream.PayloadChunk, payload))
		event, err := eventstream.NewReader(&b).Next()
		require.NoError(t, err)
		require.True(t, bytes.Equal(payload, event.Payload), "%d bytes", size)
	}
}

func TestAppendEventRefusesAPayloadThatFitsNoFrame(t *testing.T) {
	var b bytes.Buffer
	err := eventstream.AppendEvent(&b, eventstream.PayloadChunk, make([]byte, 24<<20))
	require.EqualError(t, err, "payload of 25165824 bytes: an event holds 25034736 at most")
	require.Zero(t, b.Len())
}

func TestKindsHaveNames(t *testing.T) {
	require.Equal(t, "unknown", eventstream.KindUnknown.String())
	require.Equal(t, "payload", eventstream.KindPayload.String())
	require.Equal(t, "complete", eventstream.KindComplete.String())
	require.Equal(t, "exception", eventstream.KindException.String())
}
