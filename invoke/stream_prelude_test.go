package invoke_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

const (
	preludeText = `{"statusCode":201,"headers":{"content-type":"text/html"},"cookies":["a=1","b=2"]}`
	zeroBytes   = "\x00\x00\x00\x00\x00\x00\x00\x00"
)

// inChunks is text in frames of so many bytes, and the function's end.
func inChunks(text string, size int, end eventstream.Complete) *frames {
	f := new(frames)
	for len(text) > 0 {
		n := min(size, len(text))
		f.chunk([]byte(text[:n]))
		text = text[n:]
	}
	return f.complete(end)
}

func TestAnHTTPPreludeIsReadHoweverItIsSplit(t *testing.T) {
	for _, body := range []string{"", "<p>", zeroBytes + "body" + zeroBytes, strings.Repeat("body ", 20_000)} {
		for _, size := range []int{1, 2, 7, len(preludeText) - 1, len(preludeText), len(preludeText) + 1, len(preludeText) + 8, 100_000} {
			for name, read := range map[string]func(io.Reader) ([]byte, error){
				"Read":    func(r io.Reader) ([]byte, error) { return io.ReadAll(r) },
				"by byte": func(r io.Reader) ([]byte, error) { return io.ReadAll(iotest.OneByteReader(r)) },
				"WriteTo": func(r io.Reader) ([]byte, error) {
					var b bytes.Buffer
					_, err := r.(io.WriterTo).WriteTo(&b)
					return b.Bytes(), err
				},
			} {
				out := open(t, streamed(inChunks(preludeText+zeroBytes+body, size, eventstream.Complete{LogResult: "bG9n"})))
				prelude, err := out.ReadHTTPPrelude()
				require.NoError(t, err, "%d %s", size, name)
				require.Equal(t, &invoke.HTTPPrelude{
					StatusCode: 201, Header: http.Header{"Content-Type": {"text/html"}}, Cookies: []string{"a=1", "b=2"},
				}, prelude)
				got, err := read(out.Body)
				require.NoError(t, err)
				require.Equal(t, body, string(got), "%d %s", size, name)
				log, err := out.Log()
				require.NoError(t, err)
				require.Equal(t, "log", string(log))
			}
		}
	}
}

func TestABodyWithoutAReadablePreludeLosesNothing(t *testing.T) {
	failed := eventstream.Complete{ErrorCode: "Unhandled", ErrorDetails: `{"errorMessage":"boom"}`}
	for name, tc := range map[string]struct {
		body   string
		end    eventstream.Complete
		absent bool
		reason string
	}{
		"text":                    {body: "plain text", absent: true, reason: "does not begin as a JSON object"},
		"a page":                  {body: "  <html>", absent: true, reason: "does not begin as a JSON object"},
		"zero bytes":              {body: zeroBytes + "body", absent: true, reason: "does not begin as a JSON object"},
		"nothing":                 {absent: true, reason: "empty"},
		"JSON without an end":     {body: `{"a":1}`, reason: "unexpected EOF"},
		"torn JSON":               {body: preludeText[:20], reason: "unexpected EOF"},
		"torn zero bytes":         {body: preludeText + zeroBytes[:7], reason: "unexpected EOF"},
		"too few zero bytes":      {body: preludeText + zeroBytes[:7] + "body", reason: "eight zero bytes"},
		"a zero byte within":      {body: `{"a":"` + "\x00" + `"}` + zeroBytes, reason: "eight zero bytes"},
		"not JSON":                {body: `{statusCode}` + zeroBytes + "body", reason: "not a JSON object"},
		"a status that is none":   {body: `{"statusCode":7}` + zeroBytes + "body", reason: "status code"},
		"a forged header":         {body: `{"headers":{"a":"b\r\nc: d"}}` + zeroBytes + "body", reason: "value of a header"},
		"larger than any":         {body: `{"a":"` + strings.Repeat("x", 1<<20) + `"}` + zeroBytes, reason: "no end within 64 KiB"},
		"a function that failed":  {body: preludeText[:20], end: failed, reason: "boom"},
		"one that failed at once": {end: failed, reason: "boom"},
	} {
		for _, size := range []int{1, 10, 100_000} {
			if len(tc.body) > 1<<16 && size < 1<<16 {
				continue
			}
			t.Run(name, func(t *testing.T) {
				out := open(t, streamed(inChunks(tc.body, size, tc.end)))
				prelude, err := out.ReadHTTPPrelude()
				require.Nil(t, prelude)
				var problem *errors.HTTPPreludeError
				require.ErrorAs(t, err, &problem)
				require.Equal(t, tc.absent, problem.Absent, "%v", err)
				require.ErrorContains(t, err, tc.reason)
				require.True(t, errors.MayHaveExecuted(err))

				got, err := io.ReadAll(out.Body)
				require.Equal(t, tc.body, string(got))
				var function *errors.FunctionError
				if tc.end.ErrorCode == "" {
					require.NoError(t, err)
				} else {
					require.ErrorAs(t, problem, &function)
					require.ErrorAs(t, err, &function, "the error of the body itself")
				}
			})
		}
	}
}

func TestABodyBehindAPreludeClosesAsAnyOther(t *testing.T) {
	for _, body := range []string{preludeText + zeroBytes + "body", "text"} {
		out := open(t, streamed(inChunks(body, 100_000, eventstream.Complete{})))
		_, _ = out.ReadHTTPPrelude()
		require.NoError(t, out.Body.Close())
		require.NoError(t, out.Body.Close())
		_, err := out.Body.Read(make([]byte, 10))
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
		_, err = io.Copy(io.Discard, out.Body)
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
	}
}

func TestAPreludeIsReadOfAnOutputMadeByHandToo(t *testing.T) {
	out := &invoke.InvokeWithResponseStreamOutput{Body: io.NopCloser(iotest.DataErrReader(strings.NewReader(preludeText + zeroBytes + "body")))}
	prelude, err := out.ReadHTTPPrelude()
	require.NoError(t, err)
	require.Equal(t, 201, prelude.StatusCode)
	got, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Equal(t, "body", string(got))

	var problem *errors.HTTPPreludeError
	_, err = new(invoke.InvokeWithResponseStreamOutput).ReadHTTPPrelude()
	require.ErrorAs(t, err, &problem)
	stalled := &invoke.InvokeWithResponseStreamOutput{Body: io.NopCloser(iotest.ErrReader(nil))}
	_, err = stalled.ReadHTTPPrelude()
	require.ErrorIs(t, err, io.ErrNoProgress)
}

// FuzzHTTPPrelude shows that no body loses a byte, whatever it holds and however it is split.
func FuzzHTTPPrelude(f *testing.F) {
	for _, body := range []string{preludeText + zeroBytes + "body", preludeText, "text", zeroBytes, "{" + zeroBytes, "{\x00"} {
		f.Add([]byte(body), uint8(3))
	}
	f.Fuzz(func(t *testing.T, body []byte, size uint8) {
		chunked := bytes.NewReader(body)
		read := readerFunc(func(p []byte) (int, error) { return chunked.Read(p[:min(len(p), int(size)+1)]) })
		out := &invoke.InvokeWithResponseStreamOutput{Body: io.NopCloser(read)}
		prelude, err := out.ReadHTTPPrelude()
		rest, readErr := io.ReadAll(out.Body)
		require.NoError(t, readErr)
		if err != nil {
			require.Nil(t, prelude)
			require.Equal(t, string(body), string(rest))
			return
		}
		_, want, found := strings.Cut(string(body), zeroBytes)
		require.True(t, found)
		require.Equal(t, want, string(rest))
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
