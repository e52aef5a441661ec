package invoke_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestAReplyOverTheLimitIsAnErrorAndNotMemory(t *testing.T) {
	chunked := func(w http.ResponseWriter, size int) {
		for ; size > 0; size -= min(size, 1<<20) {
			if _, err := w.Write(make([]byte, min(size, 1<<20))); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	}
	for _, tc := range []struct {
		name     string
		limit    int64
		answer   http.HandlerFunc
		declared int64
	}{
		{"declared", 1000, reply(200, nil, strings.Repeat("x", 1001)), 1001},
		{"declared, by default", 0, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000000")
			w.Write([]byte("x"))
		}, 1e12},
		{"streamed", 1000, func(w http.ResponseWriter, _ *http.Request) { chunked(w, 1001) }, -1},
		{"streamed without end", 1 << 20, func(w http.ResponseWriter, _ *http.Request) { chunked(w, 1<<40) }, -1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			requests := 0
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				w.Header().Set("X-Amzn-RequestId", requestID)
				tc.answer(w, r)
			})
			opts.MaxResponseBytes = tc.limit
			opts.Retry.Idempotent = true
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			var large *errors.ResponseTooLargeError
			require.ErrorAs(t, err, &large)
			require.Equal(t, tc.declared, large.Size)
			require.Equal(t, 200, large.StatusCode)
			require.Equal(t, requestID, large.RequestID)
			require.True(t, errors.MayHaveExecuted(err))
			require.Equal(t, 1, requests)
		})
	}
	t.Run("just within", func(t *testing.T) {
		for _, answer := range []http.HandlerFunc{
			reply(200, nil, strings.Repeat("x", 1000)),
			func(w http.ResponseWriter, _ *http.Request) { chunked(w, 1000) },
		} {
			opts := serve(t, answer)
			opts.MaxResponseBytes = 1000
			out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Len(t, out.Payload, 1000)
			require.Equal(t, 1000, cap(out.Payload[:1000:len(out.Payload)]))
		}
	})
}

func TestABrokenReplyTellsStatusAndRequestID(t *testing.T) {
	server := listen(t, answeringText("HTTP/1.1 200 OK\r\nX-Amzn-RequestId: "+requestID+"\r\nContent-Length: 10\r\n\r\n1234"))
	_, err := invokeOnce(t, optionsFor(server.url), &invoke.InvokeInput{FunctionName: "f"})
	var broken *errors.TransportError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, 200, broken.StatusCode)
	require.Equal(t, requestID, broken.RequestID)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	var response *smithyhttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, 200, response.HTTPStatusCode())
}

func TestHostileRepliesAreTypedErrorsOrAsTheyAre(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	zip.Write(make([]byte, 10<<20))
	zip.Close()

	t.Run("a compressed bomb is handed out as it came", func(t *testing.T) {
		opts := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		})
		out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		require.Equal(t, bomb.Bytes(), out.Payload)
	})
	for name, text := range map[string]string{
		"headers without end":           "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 20_000),
		"100 Continue without end":      strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100_000) + httpReply(200, "", "{}"),
		"a header with a control byte":  "HTTP/1.1 200 OK\r\nX-A: \x00\r\n\r\n",
		"a negative length":             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"two lengths":                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
		"a status that is not a number": "HTTP/1.1 abc OK\r\n\r\n",
		"switching protocols":           "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := listen(t, answeringText(text))
			out, err := invokeOnce(t, optionsFor(server.url), &invoke.InvokeInput{FunctionName: "f"})
			require.Error(t, err, "%+v", out)
			require.True(t, errors.MayHaveExecuted(err), "%v", err)
		})
	}
	t.Run("a base64 log that is none", func(t *testing.T) {
		opts := serve(t, reply(200, map[string]string{"X-Amz-Log-Result": "???"}, "{}"))
		out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		_, err = out.Log()
		require.Error(t, err)
	})
}

// settled waits until no goroutine is left that was not there before.
func settled(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func TestACancelledCallReturnsAtOnceAndLeavesNothing(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer string // what the server says before it falls silent
	}{
		{"while waiting", ""},
		{"in the headers", "HTTP/1.1 200 OK\r\n"},
		{"in the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12"},
		{"in the body of an error", "HTTP/1.1 500 Oh\r\nContent-Length: 10\r\n\r\n12"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			silent := make(chan struct{}, 1)
			gone := make(chan error, 1)
			server := listen(t, func(s *socket, conn net.Conn) {
				s.read(conn)
				io.WriteString(conn, tc.answer)
				silent <- struct{}{}
				_, err := conn.Read(make([]byte, 1))
				gone <- err
			})
			withServer := runtime.NumGoroutine()
			opts := optionsFor(server.url)
			client := transport.NewClient()
			opts.HTTPClient = client
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-silent; cancel() }()
			_, err := newClient(t, opts).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			require.ErrorIs(t, err, context.Canceled)
			require.True(t, errors.MayHaveExecuted(err))
			require.Error(t, <-gone, "the connection is closed, not kept")
			settled(t, withServer)
		})
	}
}

func TestADeadlineShorterThanTheReply(t *testing.T) {
	server := listen(t, func(s *socket, conn net.Conn) {
		s.read(conn)
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		for range time.Tick(5 * time.Millisecond) {
			if _, err := conn.Write([]byte("x")); err != nil {
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := newClient(t, optionsFor(server.url)).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, errors.MayHaveExecuted(err))
}

func TestALengthIsNotBelievedBeyondTheBody(t *testing.T) {
	const answer = `{"answer":42}`
	respond := func(length int64, body string) invoke.Options {
		opts := optionsFor("http://localhost:1")
		opts.MaxResponseBytes = 1 << 20
		opts.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: length, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		return opts
	}
	for _, length := range []int64{-1, 0, 3, int64(len(answer)) - 1, int64(len(answer))} {
		out, err := invokeOnce(t, respond(length, answer), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		require.Equal(t, answer, string(out.Payload), "declared: %d", length)
	}
	_, err := invokeOnce(t, respond(int64(len(answer))+1, answer), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)

	var large *errors.ResponseTooLargeError
	_, err = invokeOnce(t, respond(1, strings.Repeat("x", 1<<20+1)), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorAs(t, err, &large)
	out, err := invokeOnce(t, respond(1, strings.Repeat("x", 1<<20)), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, bytes.Repeat([]byte("x"), 1<<20), out.Payload)
}

func TestTheHeaderOfAFunctionsFailureCountsHoweverItIsWritten(t *testing.T) {
	for name, header := range map[string]http.Header{
		"as documented":   {"X-Amz-Function-Error": {"Unhandled"}},
		"in lower case":   {"x-amz-function-error": {"Unhandled"}},
		"an empty one":    {"X-Amz-Function-Error": {""}},
		"one of them":     {"X-Amz-Function-Error": {"", "Unhandled"}},
		"without a value": {"X-Amz-Function-Error": nil},
	} {
		t.Run(name, func(t *testing.T) {
			opts := optionsFor("http://localhost:1")
			opts.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, ContentLength: -1, Header: header, Body: io.NopCloser(strings.NewReader(`{"errorMessage":"x"}`))}, nil
			})
			out, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Equal(t, "Unhandled", out.FunctionError)
			require.ErrorContains(t, out.Err(), "x")
		})
	}
}

func TestTheClockOfOneEndpointIsNotThatOfAnother(t *testing.T) {
	server := invoketest.NewServer(t)
	server.Handle("f", echo)
	wrong := serve(t, reply(200, map[string]string{"Date": time.Now().Add(-3 * time.Hour).UTC().Format(http.TimeFormat)}, "1"))
	opts := server.Options()
	opts.Retry.MaxAttempts = 1
	client := newClient(t, opts)
	for range 2 {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { o.BaseEndpoint = wrong.BaseEndpoint })
		require.NoError(t, err)
	}
}

func TestTheSessionTokenIsInNoErrorThatQuotesTheRequest(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjE+/token"
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		quote := strings.Repeat("x", 980) + `\nx-amz-security-token:` + r.Header.Get("X-Amz-Security-Token") + `\n`
		reply(403, map[string]string{"X-Amzn-Errortype": "InvalidSignatureException"}, `{"message":"should have been `+quote+`"}`)(w, r)
	})
	opts.Credentials = invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", token)
	_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorContains(t, err, "x-amz-security")
	require.NotContains(t, err.Error(), token[:5])
}
