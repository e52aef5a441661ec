package eventstream_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

func FuzzReader(f *testing.F) {
	whole := stream(f)
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add(frame(16, 0, nil))
	f.Add(frame(24<<20, 128<<10, []byte("short")))
	f.Add(frame(1<<32-1, 1<<32-1, nil))
	f.Add(frame(24, 8, []byte("\x01x\x07\xff\xff123")))

	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := events(bytes.NewReader(data))
		var invalid *eventstream.FrameError
		require.True(t, err == io.EOF || err == io.ErrUnexpectedEOF || errors.As(err, &invalid), "%v", err)

		size := 0
		for _, event := range got {
			size += len(event.Payload) + 16
		}
		require.LessOrEqual(t, size, len(data))
		if invalid != nil {
			require.LessOrEqual(t, invalid.Offset, int64(len(data)))
		}
	})
}

// Fuzzing does not get past the checksums, so here they are right.
func FuzzFrame(f *testing.F) {
	f.Add(headers(f), []byte("payload"))
	f.Add(stream(f)[12:40], []byte("{}"))
	f.Add([]byte("\x0d:message-type\x07\x00\x05event\x0b:event-type\x07\x00\x0eInvokeComplete"), []byte(`{"ErrorCode":"x"}`))
	f.Add([]byte("\x0d:message-type\x07\x00\x05error\x0b:error-code\x04\x00\x00\x00\x01"), []byte{})

	f.Fuzz(func(t *testing.T, hs, payload []byte) {
		body := append(bytes.Clone(hs), payload...)
		got, err := events(bytes.NewReader(frame(uint32(len(body))+16, uint32(len(hs)), body)))
		if err == io.EOF {
			require.Len(t, got, 1)
			require.True(t, bytes.Equal(payload, got[0].Payload))
			return
		}
		var invalid *eventstream.FrameError
		require.ErrorAs(t, err, &invalid)
		require.Empty(t, got)
	})
}
