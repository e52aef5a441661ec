package invoke_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// endless streams one chunk and then nothing until its caller is gone, which it tells.
func endlessly(gone chan<- struct{}) http.HandlerFunc {
	return streaming(func(w io.Writer, r *http.Request) {
		w.Write(new(frames).chunk([]byte("first")).Bytes())
		<-r.Context().Done()
		gone <- struct{}{}
	})
}

func readFirst(t *testing.T, out *invoke.InvokeWithResponseStreamOutput) {
	t.Helper()
	first := make([]byte, len("first"))
	_, err := io.ReadFull(out.Body, first)
	require.NoError(t, err)
	require.Equal(t, "first", string(first))
}

func TestCloseGivesTheConnectionUp(t *testing.T) {
	gone := make(chan struct{})
	client := newClient(t, serve(t, endlessly(gone)))
	for name, read := range map[string]func(*invoke.InvokeWithResponseStreamOutput){
		"with nothing read":   func(*invoke.InvokeWithResponseStreamOutput) {},
		"in the middle":       func(out *invoke.InvokeWithResponseStreamOutput) { readFirst(t, out) },
		"in a frame's middle": func(out *invoke.InvokeWithResponseStreamOutput) { out.Body.Read(make([]byte, 1)) },
	} {
		t.Run(name, func(t *testing.T) {
			out := openWith(t.Context(), t, client)
			read(out)
			for range 2 {
				require.NoError(t, out.Body.Close())
			}
			<-gone
			n, err := out.Body.Read(make([]byte, 1))
			require.Zero(t, n)
			require.Equal(t, http.ErrBodyReadAfterClose, err)
			_, err = out.Body.(io.WriterTo).WriteTo(io.Discard)
			require.Equal(t, http.ErrBodyReadAfterClose, err)
		})
	}
}

func TestCloseAfterTheEndIsNoError(t *testing.T) {
	out := open(t, streamed(framed([]byte("x"), 1)))
	_, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.NoError(t, out.Body.Close())
	_, err = out.Body.Read(make([]byte, 1))
	require.Equal(t, http.ErrBodyReadAfterClose, err)
}

func TestCloseWakesARead(t *testing.T) {
	gone := make(chan struct{})
	out := open(t, serve(t, endlessly(gone)))
	readFirst(t, out)
	read := make(chan error)
	go func() {
		_, err := out.Body.Read(make([]byte, 1))
		read <- err
	}()
	require.NoError(t, out.Body.Close())
	require.Equal(t, http.ErrBodyReadAfterClose, <-read)
	<-gone
}

func TestCloseMayRaceWithAReader(t *testing.T) {
	payload := payloadOf(200_000)
	sent := framed(payload, 1000).Bytes()
	client := newClient(t, serve(t, streaming(func(w io.Writer, _ *http.Request) { w.Write(sent) })))
	for i := range 50 {
		out := openWith(t.Context(), t, client)
		var closing sync.WaitGroup
		var got bytes.Buffer
		_, err := io.CopyN(&got, out.Body, int64(i)*4000)
		require.NoError(t, err)
		for range 2 {
			closing.Go(func() { out.Body.Close() })
		}
		_, err = io.Copy(&got, out.Body)
		closing.Wait()
		if err != nil {
			require.Equal(t, http.ErrBodyReadAfterClose, err)
		}
		require.True(t, bytes.HasPrefix(payload, got.Bytes()))
	}
}

func TestTheContextsEndWakesARead(t *testing.T) {
	gone := make(chan struct{}, 1)
	client := newClient(t, serve(t, endlessly(gone)))
	reason := errors.New("shutting down")
	for name, tc := range map[string]struct {
		end  func(context.Context) (context.Context, func())
		want error
	}{
		"canceled": {func(ctx context.Context) (context.Context, func()) {
			return context.WithCancel(ctx)
		}, context.Canceled},
		"canceled for a cause": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			return ctx, func() { cancel(reason) }
		}, context.Canceled},
		"deadline": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			t.Cleanup(cancel)
			return ctx, func() {}
		}, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, end := tc.end(t.Context())
			out := openWith(ctx, t, client)
			readFirst(t, out)
			reading := make(chan struct{})
			go func() {
				<-reading
				end()
			}()
			close(reading)
			for range 2 {
				n, err := out.Body.Read(make([]byte, 1))
				require.Zero(t, n)
				require.ErrorIs(t, err, tc.want)
				requireBroken(t, err)
			}
			<-gone
		})
	}
}

func TestNothingIsReadAfterTheContextsEndNotEvenWhatHasCome(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := openWith(ctx, t, newClient(t, streamed(framed([]byte("hello"), 5))))
	_, err := out.Body.Read(make([]byte, 1))
	require.NoError(t, err)
	cancel()
	n, err := out.Body.Read(make([]byte, 1))
	require.Zero(t, n)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnEndThatWasReadOutlivesTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := openWith(ctx, t, newClient(t, streamed(framed([]byte("hello"), 5))))
	_, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	cancel()
	_, err = out.Body.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
}

func TestAStreamThatCameToItsEndLeavesItsConnectionToTheNext(t *testing.T) {
	for name, sent := range map[string]*frames{
		"success":   framed(payloadOf(100_000), 1000),
		"nothing":   framed(nil, 1),
		"function":  new(frames).chunk([]byte("x")).complete(eventstream.Complete{ErrorCode: "Boom"}),
		"exception": new(frames).exception("ServiceException", "{}"),
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, serve(t, streaming(func(w io.Writer, _ *http.Request) { w.Write(sent.Bytes()) })))
			var connections []bool
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
				GotConn: func(info httptrace.GotConnInfo) { connections = append(connections, info.Reused) },
			})
			for range 3 {
				out := openWith(ctx, t, client)
				io.Copy(io.Discard, out.Body) // and no Close
			}
			require.Equal(t, []bool{false, true, true}, connections)
		})
	}
}

func TestAResponseThatDoesNotEndWithItsStreamIsGivenUp(t *testing.T) {
	for name, sent := range map[string]*frames{
		"success":  framed([]byte("hello"), 5),
		"function": new(frames).chunk([]byte("hello")).complete(eventstream.Complete{ErrorCode: "Boom"}),
	} {
		t.Run("silent after "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, w := io.Pipe()
				go w.Write(sent.Bytes()) // and neither more nor an end
				out := open(t, streamed(r))
				began := time.Now()
				body, err := io.ReadAll(out.Body)
				require.Equal(t, "hello", string(body))
				require.Equal(t, name == "function", err != nil)
				require.LessOrEqual(t, time.Since(began), time.Second)
			})
		})
	}
	t.Run("talking on", func(t *testing.T) {
		endless := &countingReader{Reader: zeros{}}
		closed := false
		tail := streamedBody{read: endless.Read, close: func() { closed = true }}
		out := open(t, streamed(struct {
			io.Reader
			io.Closer
		}{io.MultiReader(framed([]byte("hello"), 5), tail), tail}))
		body, err := io.ReadAll(out.Body)
		require.NoError(t, err)
		require.Equal(t, "hello", string(body))
		require.True(t, closed)
		require.LessOrEqual(t, endless.n, 64<<10)
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type countingReader struct {
	io.Reader
	n int
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n += n
	return n, err
}

func TestThePayloadIsTheCallersAgainWhenAStreamBegins(t *testing.T) {
	payload := bytes.Repeat([]byte("payload "), 200_000)
	received := make(chan []byte, 1)
	proceed := make(chan struct{})
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		all, _ := io.ReadAll(r.Body)
		received <- all
		streamHead(w.Header())
		w.WriteHeader(http.StatusOK)
		http.NewResponseController(w).Flush()
		<-proceed
		w.Write(framed([]byte("hello"), 1).Bytes())
	})
	client := newClient(t, opts)
	for range 20 {
		mine := bytes.Clone(payload)
		out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: mine})
		require.NoError(t, err)
		clear(mine) // a race, if anybody still reads it
		proceed <- struct{}{}
		body, err := io.ReadAll(out.Body)
		require.NoError(t, err)
		require.Equal(t, "hello", string(body))
		require.True(t, bytes.Equal(payload, <-received))
	}
}

func TestAStreamThatBeginsBeforeThePayloadWasSentDoesNotReadOnInIt(t *testing.T) {
	client := newClient(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { // reads nothing
		streamHead(w.Header())
		w.Write(framed([]byte("hello"), 1).Bytes())
	}))
	for range 10 {
		payload := make([]byte, 16<<20) // more than sockets hold
		out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: payload})
		if err != nil { // the connection broke before the head was read
			require.True(t, errors.As(err, new(*errors.TransportError)), err)
			continue
		}
		payload[len(payload)-1] = 1 // a race, if anybody still reads it
		body, err := io.ReadAll(out.Body)
		if err != nil { // or after
			requireBroken(t, err)
		}
		require.True(t, strings.HasPrefix("hello", string(body)))
	}
}

func TestATransportMayLookForThePayloadsEndAfterAStreamHasBegun(t *testing.T) {
	opts := streamed(framed([]byte("hello"), 1))
	answered := opts.HTTPClient.(doer)
	var request *http.Request
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		request = r
		_, err := io.CopyN(io.Discard, r.Body, r.ContentLength)
		require.NoError(t, err)
		return answered(r)
	})
	out := open(t, opts)
	n, err := request.Body.Read(make([]byte, 1))
	require.Zero(t, n)
	require.Equal(t, io.EOF, err)
	_, err = io.ReadAll(out.Body)
	require.NoError(t, err)
}

func TestAStreamHasNoGoroutineOfItsOwn(t *testing.T) {
	r, _ := io.Pipe() // silent
	client := newClient(t, streamed(r))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	before := runtime.NumGoroutine()
	for range 100 {
		out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		require.NoError(t, err)
		defer out.Body.Close()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestStreamsLeaveNoGoroutinesHoweverTheyEnd(t *testing.T) {
	var mode atomic.Int64
	const ways = 5
	opts := serve(t, streaming(func(w io.Writer, r *http.Request) {
		w.Write(new(frames).chunk([]byte("first")).Bytes())
		switch mode.Load() {
		case 0:
			w.Write(framed(nil, 1).Bytes())
		case 1:
			w.Write([]byte("corrupt corrupt corrupt"))
			<-r.Context().Done()
		case 2:
			panic(http.ErrAbortHandler)
		default:
			<-r.Context().Done()
		}
	}))
	httpClient := transport.NewClient()
	opts.HTTPClient = httpClient
	client := newClient(t, opts)
	before := connections()
	for i := range 4 * ways {
		mode.Store(int64(i % ways))
		ctx, cancel := context.WithCancel(t.Context())
		out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		require.NoError(t, err)
		readFirst(t, out)
		switch mode.Load() {
		case 3:
			cancel()
		case 4:
			out.Body.Close()
		}
		io.ReadAll(out.Body) // and no Close
		cancel()
	}
	httpClient.CloseIdleConnections()
	require.Eventually(t, func() bool { return connections() <= before }, 10*time.Second, time.Millisecond)
}

// connections counts the goroutines that serve the connections of clients.
func connections() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "net/http.(*persistConn).readLoop(")
}

func TestAPanicOfMiddlewareEndsTheStream(t *testing.T) {
	gone := make(chan struct{}, 1)
	client := newClient(t, serve(t, endlessly(gone)), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Panic", func(
				ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
			) (middleware.InitializeOutput, middleware.Metadata, error) {
				if _, _, err := next.HandleInitialize(ctx, in); err != nil {
					return middleware.InitializeOutput{}, middleware.Metadata{}, err
				}
				panic("after the response began")
			}), middleware.Before)
		})
	})
	require.PanicsWithValue(t, "after the response began", func() {
		client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
	})
	<-gone
}
