package invoke_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

const longStream = 200 << 20

// repeated yields a frame as often as it takes to carry total bytes, and then
// the end. It allocates nothing for that.
func repeated(chunk, total int) io.Reader {
	frame := new(frames).chunk(make([]byte, chunk)).Bytes()
	return io.MultiReader(&repeater{frame: frame, left: total / chunk}, new(frames).complete(eventstream.Complete{}))
}

type repeater struct {
	frame []byte
	at    int
	left  int
}

func (r *repeater) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.frame[r.at:])
	if r.at += n; r.at == len(r.frame) {
		r.at = 0
		r.left--
	}
	return n, nil
}

// heap returns the bytes that are in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what sync.Pool kept over the first
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// sampler discards what it is given and looks at the heap now and then.
type sampler struct {
	read, next int64
	most       int64
}

func (s *sampler) Write(p []byte) (int, error) {
	if s.read += int64(len(p)); s.read >= s.next {
		s.next += longStream / 16
		s.most = max(s.most, heap())
	}
	return len(p), nil
}

func TestALongStreamIsNeverInMemory(t *testing.T) {
	for _, chunk := range []int{16 << 10, 1 << 20} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			opts := serve(t, streaming(func(w io.Writer, _ *http.Request) {
				io.CopyBuffer(w, repeated(chunk, longStream), make([]byte, 64<<10))
			}))
			client := newClient(t, opts)
			before := heap()
			out := openWith(t.Context(), t, client)
			var got sampler
			n, err := io.Copy(&got, out.Body)
			require.NoError(t, err)
			require.EqualValues(t, longStream, n)
			// Three frames: the client's buffer, which may be up to twice as
			// large, and the server's one. The rest is two connections.
			require.LessOrEqual(t, got.most-before, int64(3*chunk+512<<10))
			require.LessOrEqual(t, heap()-before, int64(chunk+512<<10), "the client's goes with the stream")
			runtime.KeepAlive(out)
		})
	}
}

func TestAnOpenStreamDoesNotKeepThePayload(t *testing.T) {
	const size = 4 << 20
	r, _ := io.Pipe()
	client := newClient(t, streamed(r))
	before := heap()
	payload := make([]byte, size)
	out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: payload})
	require.NoError(t, err)
	require.Less(t, heap()-before, int64(size/2))
	require.NoError(t, out.Body.Close())
}

// BenchmarkStream200MB shows in B/op what it takes to read a stream of 200 MB.
func BenchmarkStream200MB(b *testing.B) {
	for _, chunk := range []int{16 << 10, 64 << 10, 1 << 20} {
		for name, read := range map[string]func(io.Reader, []byte) (int64, error){
			"read": func(r io.Reader, buffer []byte) (int64, error) {
				return io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buffer)
			},
			"copied": func(r io.Reader, _ []byte) (int64, error) { return io.Copy(struct{ io.Writer }{io.Discard}, r) },
		} {
			b.Run(fmt.Sprintf("chunk=%dKB/%s", chunk>>10, name), func(b *testing.B) {
				buffer := make([]byte, 32<<10)
				b.ReportAllocs()
				b.SetBytes(longStream)
				for b.Loop() {
					n, err := read(open(b, streamed(repeated(chunk, longStream))).Body, buffer)
					require.NoError(b, err)
					require.EqualValues(b, longStream, n)
				}
			})
		}
	}
}

// BenchmarkStreamCall shows what a short stream costs besides its bytes.
func BenchmarkStreamCall(b *testing.B) {
	sent := framed(make([]byte, 1000), 1000).Bytes()
	opts := serve(b, streaming(func(w io.Writer, _ *http.Request) { w.Write(sent) }))
	client := newClient(b, opts)
	b.ReportAllocs()
	for b.Loop() {
		out, err := client.InvokeWithResponseStream(b.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, out.Body)
		require.NoError(b, err)
	}
}
