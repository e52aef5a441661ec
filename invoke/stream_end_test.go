package invoke_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func TestAFunctionThatFailsEndsItsStream(t *testing.T) {
	for name, tc := range map[string]struct {
		complete eventstream.Complete
		want     errors.FunctionError
		text     string
	}{
		"a kind, the type in the details": {
			eventstream.Complete{ErrorCode: "Unhandled", ErrorDetails: `{"errorType":"TypeError","errorMessage":"x is undefined","trace":["at f","at g"]}`},
			errors.FunctionError{FunctionError: "Unhandled", ErrorType: "TypeError", ErrorMessage: "x is undefined", StackTrace: []string{"at f", "at g"}},
			"function f failed: TypeError: x is undefined (request ID " + streamRequestID + ")",
		},
		"another kind": {
			eventstream.Complete{ErrorCode: "Handled", ErrorDetails: `{"errorMessage":"no"}`},
			errors.FunctionError{FunctionError: "Handled", ErrorMessage: "no"},
			"function f failed: no (request ID " + streamRequestID + ")",
		},
		"a type": {
			eventstream.Complete{ErrorCode: "Runtime.ExitError", ErrorDetails: `{"errorType":"Other","errorMessage":"Runtime exited","requestId":"of the runtime"}`},
			errors.FunctionError{FunctionError: "Unhandled", ErrorType: "Runtime.ExitError", ErrorMessage: "Runtime exited"},
			"function f failed: Runtime.ExitError: Runtime exited (request ID " + streamRequestID + ")",
		},
		"details in words": {
			eventstream.Complete{ErrorCode: "Sandbox.Timedout", ErrorDetails: "Task timed out after 3.00 seconds"},
			errors.FunctionError{FunctionError: "Unhandled", ErrorType: "Sandbox.Timedout", ErrorMessage: "Task timed out after 3.00 seconds"},
			"function f failed: Sandbox.Timedout: Task timed out after 3.00 seconds (request ID " + streamRequestID + ")",
		},
		"no details": {
			eventstream.Complete{ErrorCode: "Function.Boom"},
			errors.FunctionError{FunctionError: "Unhandled", ErrorType: "Function.Boom"},
			"function f failed: Function.Boom (request ID " + streamRequestID + ")",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.complete.LogResult = base64Of("the log")
			sent := new(frames).chunk([]byte("partial")).complete(tc.complete)
			for way, read := range ways {
				out := open(t, streamed(bytes.NewReader(sent.Bytes())))
				body, err := read(out.Body)
				require.Equal(t, "partial", string(body), way)
				require.EqualError(t, err, tc.text)
				var failed *errors.FunctionError
				require.ErrorAs(t, err, &failed)
				want := tc.want
				want.Payload, want.FunctionName, want.ExecutedVersion, want.RequestID = []byte(tc.complete.ErrorDetails), "f", "7", streamRequestID
				require.Equal(t, &want, failed)
				require.True(t, errors.MayHaveExecuted(err))
				log, err := out.Log()
				require.NoError(t, err)
				require.Equal(t, "the log", string(log))
			}
		})
	}
}

func TestDetailsWithoutACodeAreNoFailure(t *testing.T) {
	sent := new(frames).chunk([]byte("x")).complete(eventstream.Complete{ErrorDetails: "none"})
	body, err := io.ReadAll(open(t, streamed(sent)).Body)
	require.NoError(t, err)
	require.Equal(t, "x", string(body))
}

func TestAnExceptionInAStreamIsTyped(t *testing.T) {
	for _, x := range errors.Exceptions() {
		for _, before := range []string{"", "partial"} {
			sent := new(frames).chunk([]byte(before)).exception(x.Code, `{"message":"it broke","Type":"Server"}`)
			body, err := io.ReadAll(open(t, streamed(sent)).Body)
			require.Equal(t, before, string(body))

			want := x.New(errors.LambdaServiceException{Message: "it broke", Type: "Server", RequestID: streamRequestID})
			require.EqualError(t, err, "response stream ended by an exception: "+want.Error())
			var broken *errors.StreamError
			require.ErrorAs(t, err, &broken)
			require.Equal(t, want, broken.Err)
			var base *errors.LambdaServiceException
			require.ErrorAs(t, err, &base)
			require.Equal(t, x.Code, base.Code)
			require.True(t, errors.MayHaveExecuted(err), "%s: the response had begun", x.Code)
			require.True(t, retry.Classify(err).MayHaveExecuted)
		}
	}
}

func TestAnExceptionInAStreamMayComeInAnyForm(t *testing.T) {
	for name, tc := range map[string]struct {
		sent *frames
		code string
		text string
	}{
		"an alias":     {new(frames).exception("RequestEntityTooLargeException", `{"message":"big"}`), "RequestTooLargeException", "big"},
		"unknown":      {new(frames).exception("NewException", `{"Message":"new"}`), "NewException", "new"},
		"in its body":  {new(frames).exception("", `{"__type":"com.amazonaws.lambda#ServiceException:http://x","message":"m"}`), "ServiceException", "m"},
		"without JSON": {new(frames).exception("ServiceException", "oh no"), "ServiceException", ""},
		"without any":  {new(frames).exception("", ""), errors.CodeUnknown, ""},
		"in headers":   {errorFrame("InternalFailure", `it "broke"`), "InternalFailure", `it "broke"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := io.ReadAll(open(t, streamed(tc.sent)).Body)
			var base *errors.LambdaServiceException
			require.ErrorAs(t, err, &base)
			require.Equal(t, tc.code, base.Code)
			require.Equal(t, tc.text, base.Message)
			require.True(t, errors.MayHaveExecuted(err))
		})
	}
}

func errorFrame(code, message string) *frames {
	var f frames
	must(eventstream.AppendError(&f, code, message))
	return &f
}

// severalFrames is a stream that fails in its last frame, with a payload before.
func severalFrames() (stream []byte, payloads []string) {
	var sent frames
	sent.chunk([]byte("hello, ")).event("Heartbeat", "{}").chunk([]byte("world")).complete(eventstream.Complete{ErrorCode: "Boom"})
	return sent.Bytes(), []string{"hello, ", "", "world", ""}
}

// until is what the frames before offset carry.
func until(stream []byte, payloads []string, offset int) string {
	text := ""
	for i, end := range boundaries(stream)[1:] {
		if end <= offset {
			text += payloads[i]
		}
	}
	return text
}

func requireBroken(t *testing.T, err error) *errors.TransportError {
	t.Helper()
	var broken *errors.TransportError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, errors.StageReceive, broken.Stage)
	require.Equal(t, 200, broken.StatusCode)
	require.Equal(t, streamRequestID, broken.RequestID)
	require.True(t, errors.MayHaveExecuted(err))
	return broken
}

func TestAStreamThatEndsBeforeItsLastEventIsBroken(t *testing.T) {
	stream, payloads := severalFrames()
	for name, ending := range map[string]func(){
		"in order":            func() {},
		"by the connection's": func() { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			cuts := make(chan int, 1)
			client := newClient(t, serve(t, streaming(func(w io.Writer, _ *http.Request) {
				w.Write(stream[:<-cuts])
				ending()
			})))
			for cut := range stream {
				cuts <- cut
				body, err := io.ReadAll(openWith(t.Context(), t, client).Body)
				require.Equal(t, until(stream, payloads, cut), string(body), "cut at %d", cut)
				requireBroken(t, err)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut at %d", cut)
			}
		})
	}
}

func TestAStreamWhoseConnectionFailsTellsHow(t *testing.T) {
	stream, payloads := severalFrames()
	reset := errors.New("connection reset by peer")
	for cut := range stream {
		for name, read := range ways {
			body, err := read(open(t, streamed(io.MultiReader(bytes.NewReader(stream[:cut]), iotest.ErrReader(reset)))).Body)
			require.Equal(t, until(stream, payloads, cut), string(body), "%s, cut at %d", name, cut)
			require.Equal(t, reset, requireBroken(t, err).Err)
		}
	}
}

func TestAStreamWithACorruptByteIsBroken(t *testing.T) {
	stream, payloads := severalFrames()
	for at := range stream {
		corrupt := bytes.Clone(stream)
		corrupt[at] ^= 0x10
		body, err := io.ReadAll(open(t, streamed(bytes.NewReader(corrupt))).Body)
		require.Equal(t, until(stream, payloads, beginning(stream, at)), string(body), "byte %d", at)
		require.ErrorContains(t, requireBroken(t, err), "invalid event stream frame at byte ")
	}
}

// beginning is where the frame begins that byte at belongs to.
func beginning(stream []byte, at int) int {
	begins := boundaries(stream)
	next, _ := slices.BinarySearch(begins, at+1)
	return begins[next-1]
}

func TestALyingLengthIsBrokenAndNotWaitedFor(t *testing.T) {
	for name, lie := range map[string]func(frame []byte){
		"4 GB":            func(frame []byte) { binary.BigEndian.PutUint32(frame, 1<<32-1) },
		"nothing":         func(frame []byte) { binary.BigEndian.PutUint32(frame, 0) },
		"headers of 4 GB": func(frame []byte) { binary.BigEndian.PutUint32(frame[4:], 1<<32-1) },
	} {
		t.Run(name, func(t *testing.T) {
			first := new(frames).chunk([]byte("intact")).Bytes()
			lying := new(frames).chunk([]byte("lying")).Bytes()
			lie(lying)
			binary.BigEndian.PutUint32(lying[8:], crc32.ChecksumIEEE(lying[:8]))
			opts := serve(t, streaming(func(w io.Writer, r *http.Request) {
				w.Write(slices.Concat(first, lying))
				<-r.Context().Done() // more never comes
			}))
			body, err := io.ReadAll(open(t, opts).Body)
			require.Equal(t, "intact", string(body))
			require.ErrorContains(t, requireBroken(t, err), "invalid event stream frame at byte ")
		})
	}
}

func TestAnErrorOfAStreamRepeats(t *testing.T) {
	for name, sent := range map[string]*frames{
		"success":   new(frames).chunk([]byte("x")).complete(eventstream.Complete{}),
		"function":  new(frames).chunk([]byte("x")).complete(eventstream.Complete{ErrorCode: "Boom"}),
		"exception": new(frames).chunk([]byte("x")).exception("ServiceException", "{}"),
		"broken":    new(frames).chunk([]byte("x")),
	} {
		t.Run(name, func(t *testing.T) {
			out := open(t, streamed(sent))
			_, err := io.ReadAll(out.Body)
			if err == nil {
				err = io.EOF
			}
			for range 3 {
				n, again := out.Body.Read(make([]byte, 1))
				require.Zero(t, n)
				require.Equal(t, err, again)
				_, again = out.Body.(io.WriterTo).WriteTo(io.Discard)
				if err == io.EOF {
					require.NoError(t, again)
				} else {
					require.Equal(t, err, again)
				}
			}
		})
	}
}
