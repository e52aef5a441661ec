package eventstream_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// loop yields the same bytes again and again, without a copy of its own.
type loop struct {
	data []byte
	at   int
	left int // times to start over
}

func (l *loop) Read(p []byte) (int, error) {
	if l.at == len(l.data) {
		if l.left == 0 {
			return 0, io.EOF
		}
		l.left--
		l.at = 0
	}
	n := copy(p, l.data[l.at:])
	l.at += n
	return n, nil
}

// BenchmarkStream200MB shows in B/op what it costs to read a stream of 200 MB.
func BenchmarkStream200MB(b *testing.B) {
	const total = 200 << 20
	for _, size := range []int{16 << 10, 64 << 10, 1 << 20} {
		var chunk bytes.Buffer
		require.NoError(b, eventstream.AppendEvent(&chunk, eventstream.PayloadChunk, make([]byte, size)))
		b.Run(fmt.Sprintf("chunk=%dKB", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(total)
			for b.Loop() {
				reader := eventstream.NewReader(&loop{data: chunk.Bytes(), left: total/size - 1})
				read := 0
				for {
					event, err := reader.Next()
					if err == io.EOF {
						break
					}
					require.NoError(b, err)
					read += len(event.Payload)
				}
				require.Equal(b, total, read)
			}
		})
	}
}
