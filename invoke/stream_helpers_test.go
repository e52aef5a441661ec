package invoke_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

const streamRequestID = "d5a5e1c0-0000-4000-8000-000000000000"

// frames collects the frames of a stream.
type frames struct{ bytes.Buffer }

func (f *frames) chunk(payload []byte) *frames {
	must(eventstream.AppendEvent(f, eventstream.PayloadChunk, payload))
	return f
}

func (f *frames) event(eventType, payload string) *frames {
	must(eventstream.AppendEvent(f, eventType, []byte(payload)))
	return f
}

func (f *frames) complete(c eventstream.Complete) *frames {
	must(eventstream.AppendComplete(f, c))
	return f
}

func (f *frames) exception(code, payload string) *frames {
	must(eventstream.AppendException(f, code, []byte(payload)))
	return f
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// boundaries are the offsets at which frames begin, and the end.
func boundaries(stream []byte) []int {
	all := []int{0}
	for at := 0; at < len(stream); all = append(all, at) {
		at += int(binary.BigEndian.Uint32(stream[at:]))
	}
	return all
}

func streamHead(h http.Header) {
	h.Set(wire.HeaderContentType, wire.ContentTypeEventStream)
	h.Set(wire.HeaderExecutedVersion, "7")
	h.Set(wire.HeaderRequestID, streamRequestID)
}

// streaming answers with the head of a stream and what write makes of the rest.
// What is written is sent at once.
func streaming(write func(w io.Writer, r *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		streamHead(w.Header())
		w.WriteHeader(http.StatusOK)
		must(http.NewResponseController(w).Flush())
		write(flusher{w}, r)
	}
}

type flusher struct{ http.ResponseWriter }

func (f flusher) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	if err == nil {
		err = http.NewResponseController(f.ResponseWriter).Flush()
	}
	return n, err
}

// streamed answers with a whole stream, without a socket.
func streamed(body io.Reader) invoke.Options {
	opts := optionsFor("http://localhost")
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		closer, ok := body.(io.ReadCloser)
		if !ok {
			closer = io.NopCloser(body)
		}
		resp := &http.Response{StatusCode: http.StatusOK, Header: make(http.Header), Body: closer, Request: r, ContentLength: -1}
		streamHead(resp.Header)
		return resp, nil
	})
	return opts
}

// open calls function f and returns its response, which is closed in the end.
func open(t testing.TB, opts invoke.Options) *invoke.InvokeWithResponseStreamOutput {
	t.Helper()
	return openWith(t.Context(), t, newClient(t, opts))
}

func openWith(ctx context.Context, t testing.TB, client *invoke.Client) *invoke.InvokeWithResponseStreamOutput {
	t.Helper()
	out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: []byte("{}")})
	require.NoError(t, err)
	t.Cleanup(func() { out.Body.Close() })
	return out
}

// streamedBody is a response body made of functions.
type streamedBody struct {
	read  func([]byte) (int, error)
	close func()
}

func (b streamedBody) Read(p []byte) (int, error) { return b.read(p) }
func (b streamedBody) Close() error               { b.close(); return nil }

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func bytesOf(s string) io.Reader { return strings.NewReader(s) }
