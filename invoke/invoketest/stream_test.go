package invoketest_test

import (
	"bytes"
	"context"
	stderrors "errors"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// events reads a stream to its end, in order or not.
func events(t *testing.T, stream io.Reader) (all []eventstream.Event, err error) {
	t.Helper()
	for r := eventstream.NewReader(stream); ; {
		event, err := r.Next()
		if err != nil {
			return all, err
		}
		event.Payload = bytes.Clone(event.Payload)
		all = append(all, event)
	}
}

// streamed makes a streamed request and returns what it yields.
func streamed(t *testing.T, s *invoketest.Server, change ...func(*request)) (*http.Response, []eventstream.Event, error) {
	t.Helper()
	r := newRequest(t, s, "{}").streamed()
	for _, fn := range change {
		fn(r)
	}
	r.sign(t)
	r.ContentLength, r.Body = int64(len(r.body)), io.NopCloser(bytes.NewReader(r.body))
	resp, err := s.Options().HTTPClient.Do(r.WithContext(t.Context()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	all, err := events(t, resp.Body)
	return resp, all, err
}

func write(chunks ...string) func(context.Context, []byte, io.Writer) error {
	return func(_ context.Context, _ []byte, w io.Writer) error {
		for _, chunk := range chunks {
			if _, err := io.WriteString(w, chunk); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestEachWriteIsAnEventAndIsSentAtOnce(t *testing.T) {
	s := invoketest.NewServer(t)
	next := make(chan string)
	s.HandleStream("f", func(_ context.Context, payload []byte, w io.Writer) error {
		if string(payload) != "[1]" {
			return stderrors.New("payload")
		}
		for chunk := range next {
			if n, err := io.WriteString(w, chunk); err != nil || n != len(chunk) {
				return stderrors.New("write")
			}
		}
		return nil
	})
	r := newRequest(t, s, "[1]").streamed()
	r.URL.RawQuery = "Qualifier=live"
	r.sign(t)
	conn := dial(t, s)
	_, err := conn.Write(r.bytes(t))
	require.NoError(t, err)

	next <- "one"
	resp := readHead(t, conn)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "application/vnd.amazon.eventstream", resp.Header.Get("Content-Type"))
	require.Equal(t, "live", resp.Header.Get("X-Amz-Executed-Version"))
	require.NotEmpty(t, resp.Header.Get("X-Amzn-Requestid"))
	stream := eventstream.NewReader(resp.Body)
	for _, chunk := range []string{"one", "two", ""} {
		if chunk == "two" {
			next <- chunk
		}
		if chunk == "" {
			next <- chunk // writing nothing sends nothing
			close(next)
			break
		}
		event, err := stream.Next()
		require.NoError(t, err)
		require.Equal(t, eventstream.KindPayload, event.Kind)
		require.Equal(t, chunk, string(event.Payload))
	}
	event, err := stream.Next()
	require.NoError(t, err)
	require.Equal(t, eventstream.KindComplete, event.Kind)
	require.Empty(t, event.Complete)
	_, err = stream.Next()
	require.ErrorIs(t, err, io.EOF)
	require.True(t, s.Requests()[0].Streamed)
	require.True(t, s.Requests()[0].Ran)
}

func TestAStreamEndsWithTheFunctionsErrorAndLog(t *testing.T) {
	s := invoketest.NewServer(t)
	s.HandleStream("f", func(ctx context.Context, _ []byte, w io.Writer) error {
		invoketest.Logf(ctx, "hello")
		_, _ = io.WriteString(w, "part")
		return stderrors.New("midway")
	})
	_, all, err := streamed(t, s, func(r *request) { r.header("X-Amz-Log-Type", "Tail") })
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, all, 2)
	require.Equal(t, "part", string(all[0].Payload))
	require.Equal(t, "Unhandled", all[1].Complete.ErrorCode)
	require.Equal(t, `{"errorMessage":"midway","errorType":"errorString"}`, all[1].Complete.ErrorDetails)
	require.NotEmpty(t, all[1].Complete.LogResult)

	s.HandleStream("f", func(context.Context, []byte, io.Writer) error { panic("before anything") })
	resp, all, err := streamed(t, s)
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Len(t, all, 1)
	require.Contains(t, all[0].Complete.ErrorDetails, `"errorType":"string"`)
	require.Empty(t, all[0].Complete.LogResult)
}

func TestAnyFunctionCanBeCalledEitherWay(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	_, all, err := streamed(t, s)
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, "{}", string(all[0].Payload))

	s.HandleStream("f", write("[1,", "2]"))
	resp, body := post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "[1,2]", body)
}

func TestAStreamedRequestIsRefusedWithoutAStream(t *testing.T) {
	s := invoketest.NewServer(t)
	resp, body := post(t, s, newRequest(t, s, "{}").streamed().sign(t))
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	require.Contains(t, body, "Function not found")
	s.HandleStream("f", write("x"))
	resp, _ = post(t, s, newRequest(t, s, "{}").streamed().header("X-Amz-Invocation-Type", "DryRun").sign(t))
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
	s.Script("f", invoketest.Throw("KMSNotFoundException"))
	resp, _ = post(t, s, newRequest(t, s, "{}").streamed().sign(t))
	require.Equal(t, http.StatusBadGateway, resp.StatusCode)
	require.Zero(t, s.Runs("f"))
}

func TestAHugeWriteIsSeveralEvents(t *testing.T) {
	s := invoketest.NewServer(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 40<<20/16)
	s.HandleStream("f", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	_, all, err := streamed(t, s)
	require.ErrorIs(t, err, io.EOF)
	var got []byte
	for _, event := range all[:len(all)-1] {
		got = append(got, event.Payload...)
	}
	require.True(t, bytes.Equal(data, got))
}

func TestAStreamBreaksIsCutOrCorruptAtAnyByte(t *testing.T) {
	s := invoketest.NewServer(t)
	s.HandleStream("f", write("one", "two"))
	whole, body := post(t, s, newRequest(t, s, "{}").streamed().sign(t))
	require.Equal(t, http.StatusOK, whole.StatusCode)
	for n := range int64(len(body)) {
		s.Script("f", invoketest.BreakStream(n, invoketest.Close), invoketest.CutStream(n), invoketest.CorruptStream(n))

		got, end := streamBytes(t, s)
		require.ErrorIs(t, end, io.ErrUnexpectedEOF)
		require.Equal(t, body[:n], got)

		got, end = streamBytes(t, s)
		require.NoError(t, end)
		require.Equal(t, body[:n], got)

		got, end = streamBytes(t, s)
		require.NoError(t, end)
		require.Len(t, got, len(body))
		require.Equal(t, body[n]^0xff, got[n])
		require.Equal(t, body[:n]+body[n+1:], got[:n]+got[n+1:])
	}
	s.Script("f", invoketest.BreakStream(1<<40, invoketest.Close))
	got, end := streamBytes(t, s)
	require.NoError(t, end)
	require.Equal(t, body, got)
}

// streamBytes returns the bytes of a streamed reply and how they ended.
func streamBytes(t *testing.T, s *invoketest.Server) (string, error) {
	t.Helper()
	r := newRequest(t, s, "{}").streamed().sign(t)
	r.ContentLength, r.Body = int64(len(r.body)), io.NopCloser(bytes.NewReader(r.body))
	resp, err := s.Options().HTTPClient.Do(r.WithContext(t.Context()))
	require.NoError(t, err)
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	return string(all), err
}

func TestABrokenStreamShowsInTheFunctionsWrites(t *testing.T) {
	for name, fault := range map[string]invoketest.Fault{
		"close": invoketest.BreakStream(3, invoketest.Close),
		"reset": invoketest.BreakStream(3, invoketest.Reset),
		"cut":   invoketest.CutStream(3),
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			failed := make(chan error, 1)
			s.HandleStream("f", func(_ context.Context, _ []byte, w io.Writer) error {
				_, err := io.WriteString(w, "more than three")
				failed <- err
				return err
			})
			s.Script("f", fault)
			_, _ = exchange(t, s, newRequest(t, s, "{}").streamed().header("Connection", "close").sign(t))
			require.ErrorIs(t, <-failed, io.ErrClosedPipe)
		})
	}
}

func TestAStreamCanEndWithAnException(t *testing.T) {
	s := invoketest.NewServer(t)
	s.HandleStream("f", write("one"))
	s.Script("f", invoketest.ThrowInStream("EFSIOException"))
	_, all, err := streamed(t, s)
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, all, 2)
	require.Equal(t, eventstream.KindException, all[1].Kind)
	require.Equal(t, "EFSIOException", all[1].Type)
	require.Contains(t, string(all[1].Payload), `"Message":"`)
}

func TestFaultsOfPlainRepliesHoldForStreams(t *testing.T) {
	s := invoketest.NewServer(t)
	s.HandleStream("f", write("one", "two"))
	_, body := post(t, s, newRequest(t, s, "{}").streamed().sign(t))
	s.Script("f",
		invoketest.HangUp(invoketest.ReplyBody, invoketest.Close),
		invoketest.Truncate(5),
		invoketest.HangUp(invoketest.AfterReply, invoketest.Close),
	)
	for _, n := range []int{len(body) / 2, 5} {
		got, end := streamBytes(t, s)
		require.ErrorIs(t, end, io.ErrUnexpectedEOF)
		require.Equal(t, body[:n], got)
	}
	got, end := streamBytes(t, s)
	require.NoError(t, end)
	require.Equal(t, body, got)
	require.Equal(t, 4, s.Runs("f"))

	s.Script("f", invoketest.HangUp(invoketest.AfterRun, invoketest.Close))
	raw, err := exchange(t, s, newRequest(t, s, "{}").streamed().sign(t))
	require.NoError(t, err)
	require.Empty(t, raw)
	require.Equal(t, 5, s.Runs("f"))
}

func TestAFunctionCannotWriteOnceItReturned(t *testing.T) {
	s := invoketest.NewServer(t)
	kept := make(chan io.Writer, 1)
	s.HandleStream("f", func(_ context.Context, _ []byte, w io.Writer) error { kept <- w; return nil })
	_, all, _ := streamed(t, s)
	require.Len(t, all, 1)
	_, err := io.WriteString(<-kept, "late")
	require.ErrorIs(t, err, io.ErrClosedPipe)
}
