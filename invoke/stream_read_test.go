package invoke_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// payloadOf returns size bytes that no shift of them equals.
func payloadOf(size int) []byte {
	payload := make([]byte, size)
	rand.NewChaCha8([32]byte{1}).Read(payload)
	return payload
}

// framed returns payload as a stream in chunks of one size.
func framed(payload []byte, chunk int) *frames {
	var sent frames
	for part := range slicesOf(payload, chunk) {
		sent.chunk(part)
	}
	return sent.complete(eventstream.Complete{})
}

func slicesOf(payload []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(payload) > 0 {
			n := min(size, len(payload))
			if !yield(payload[:n]) {
				return
			}
			payload = payload[n:]
		}
	}
}

// ways are how a caller may read.
var ways = map[string]func(io.Reader) ([]byte, error){
	"read all": io.ReadAll,
	"copied": func(r io.Reader) ([]byte, error) {
		var b bytes.Buffer
		_, err := io.Copy(&b, r) // by WriteTo
		return b.Bytes(), err
	},
	"in small pieces": func(r io.Reader) ([]byte, error) {
		var b bytes.Buffer
		_, err := io.CopyBuffer(struct{ io.Writer }{&b}, struct{ io.Reader }{r}, make([]byte, 100))
		return b.Bytes(), err
	},
	"one way and then the other": func(r io.Reader) ([]byte, error) {
		var b bytes.Buffer
		if _, err := io.CopyN(&b, r, 3); err == io.EOF {
			return b.Bytes(), nil
		} else if err != nil {
			return b.Bytes(), err
		}
		_, err := io.Copy(&b, r)
		return b.Bytes(), err
	},
}

func TestBytesOfAStreamAreThoseOfTheFunction(t *testing.T) {
	for _, tc := range []struct{ size, chunk int }{
		{0, 1}, {1, 1}, {2, 1}, {5000, 1}, {5000, 7}, {4096, 4096}, {4097, 4096},
		{1 << 20, 1000}, {1 << 20, 64 << 10}, {3 << 20, 1 << 20}, {20 << 20, 100_000}, {20 << 20, 1 << 20},
	} {
		t.Run(fmt.Sprintf("%d bytes in chunks of %d", tc.size, tc.chunk), func(t *testing.T) {
			payload := payloadOf(tc.size)
			sent := framed(payload, tc.chunk)
			opts := serve(t, streaming(func(w io.Writer, _ *http.Request) { w.Write(sent.Bytes()) }))
			for name, read := range ways {
				if tc.size > 3<<20 && name != "copied" {
					continue // takes seconds, and shows nothing more
				}
				body, err := read(open(t, opts).Body)
				require.NoError(t, err, name)
				require.True(t, bytes.Equal(payload, body), name)
			}
		})
	}
}

func TestFramesMayBeCutIntoPacketsAnywhere(t *testing.T) {
	payload := payloadOf(2000)
	sent := framed(payload, 300).Bytes()
	for _, packet := range []int{1, 2, 11, 12, 13, 100, 333} {
		opts := serve(t, streaming(func(w io.Writer, _ *http.Request) {
			for part := range slicesOf(sent, packet) {
				w.Write(part) // and flush
			}
		}))
		body, err := io.ReadAll(open(t, opts).Body)
		require.NoError(t, err)
		require.True(t, bytes.Equal(payload, body))
	}
	body, err := io.ReadAll(open(t, streamed(iotest.OneByteReader(bytes.NewReader(sent)))).Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal(payload, body))
}

func TestEveryChunkIsReadableBeforeTheNextIsSent(t *testing.T) {
	for _, chunk := range []int{1, 1000, 64 << 10, 1 << 20} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			payload := payloadOf(chunk*4 + chunk/2)
			next := make(chan struct{})
			opts := serve(t, streaming(func(w io.Writer, r *http.Request) {
				var frame frames
				for part := range slicesOf(payload, chunk) {
					select {
					case <-next: // the caller has all before
					case <-r.Context().Done():
						return
					}
					frame.Reset()
					w.Write(frame.chunk(part).Bytes())
				}
				frame.Reset()
				w.Write(frame.complete(eventstream.Complete{}).Bytes())
			}))
			out := open(t, opts) // has returned before the first byte is sent
			for want := range slicesOf(payload, chunk) {
				next <- struct{}{}
				got := make([]byte, len(want))
				_, err := io.ReadFull(out.Body, got)
				require.NoError(t, err)
				require.True(t, bytes.Equal(want, got))
			}
			n, err := out.Body.Read(make([]byte, 1))
			require.Zero(t, n)
			require.Equal(t, io.EOF, err)
		})
	}
}

func TestEventsOfUnknownTypesAndEmptyChunksAreSkipped(t *testing.T) {
	var sent frames
	sent.event("initial-response", "{}").chunk([]byte("a")).chunk(nil).event("Heartbeat", "not JSON").event("", "").
		chunk([]byte("b")).complete(eventstream.Complete{}).chunk([]byte("after the end"))
	for name, read := range ways {
		body, err := read(open(t, streamed(bytes.NewReader(sent.Bytes()))).Body)
		require.NoError(t, err, name)
		require.Equal(t, "ab", string(body), name)
	}
}

func TestAWriterThatFailsLeavesTheRestUnread(t *testing.T) {
	full := errors.New("disk full")
	for name, tc := range map[string]struct {
		n    int
		err  error
		want error
	}{
		"with an error":    {2, full, full},
		"without an error": {2, nil, io.ErrShortWrite},
		"at once":          {0, full, full},
		"nonsense":         {99, full, full},
		"worse nonsense":   {-1, full, full},
	} {
		t.Run(name, func(t *testing.T) {
			out := open(t, streamed(framed([]byte("hello"), 5)))
			n, err := out.Body.(io.WriterTo).WriteTo(writerFunc(func([]byte) (int, error) { return tc.n, tc.err }))
			require.Equal(t, tc.want, err)
			require.EqualValues(t, max(0, min(tc.n, 5)), n)
			rest, err := io.ReadAll(out.Body)
			require.NoError(t, err)
			require.Equal(t, "hello"[n:], string(rest))
		})
	}
}

func TestReadingNothingReadsNothing(t *testing.T) {
	out := open(t, streamed(framed([]byte("x"), 1)))
	n, err := out.Body.Read(nil)
	require.NoError(t, err)
	require.Zero(t, n)
	rest, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Equal(t, "x", string(rest))
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }
