package invoke_test

import (
	"bufio"
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// socket is a server that treats each connection as a test wants it.
type socket struct {
	url         string
	connections atomic.Int32
	whole       atomic.Int32 // requests read to their end: what a service might have run
}

// listen serves every connection with handle, which owns it.
func listen(t testing.TB, handle func(*socket, net.Conn)) *socket {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &socket{url: "http://" + listener.Addr().String()}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		open = []net.Conn{} // nil once the test is over
	)
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		open = nil
		mu.Unlock()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			mu.Lock()
			over := open == nil
			if !over {
				open = append(open, conn)
			}
			mu.Unlock()
			if over {
				conn.Close()
				return
			}
			wg.Go(func() {
				defer conn.Close()
				handle(s, conn)
			})
		}
	})
	return s
}

// read reads one request whole.
func (s *socket) read(conn net.Conn) bool {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return false
	}
	s.whole.Add(1)
	return true
}

// answering reads each request and answers with text, then closes.
func answeringText(text string) func(*socket, net.Conn) {
	return func(s *socket, conn net.Conn) {
		if s.read(conn) {
			io.WriteString(conn, text)
		}
	}
}

func reset(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) }

func httpReply(status int, header, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s", status, http.StatusText(status), len(body), header, body)
}

func exceptionReply(status int, code string) string {
	return httpReply(status, "X-Amzn-Errortype: "+code+"\r\n", `{"message":"m"}`)
}

func TestARetryHappensOnlyWhereTheFunctionProvablyDidNotRun(t *testing.T) {
	const (
		connect = errors.StageConnect
		send    = errors.StageSend
		await   = errors.StageAwait
		receive = errors.StageReceive
	)
	small, large := []byte(`{"a":1}`), make([]byte, 16<<20)
	unanswered := func(s *socket, conn net.Conn) { s.read(conn) }
	for _, tc := range []struct {
		name       string
		handle     func(*socket, net.Conn)
		endpoint   func(*socket) string
		dial       func(context.Context, string, string) (net.Conn, error)
		payload    []byte
		stage      errors.Stage // 0: not a transport error
		mayHaveRun bool
		attempts   int // by default
		idempotent int // attempts when the call is idempotent
	}{
		{
			name: "the name does not resolve", stage: connect, attempts: 3, idempotent: 3,
			dial: func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}
			},
		},
		{
			name: "the connection is refused", stage: connect, attempts: 3, idempotent: 3,
			endpoint: func(*socket) string { return "http://127.0.0.1:1" },
		},
		{
			name: "TLS does not come about", stage: connect, attempts: 3, idempotent: 3, payload: small,
			endpoint: func(s *socket) string { return strings.Replace(s.url, "http:", "https:", 1) },
			handle:   func(_ *socket, conn net.Conn) { conn.Read(make([]byte, 100)) },
		},
		{
			name: "closed in the middle of the payload", stage: send, attempts: 3, idempotent: 3, payload: large,
			handle: func(_ *socket, conn net.Conn) { conn.Read(make([]byte, 1000)) },
		},
		{
			name: "reset in the middle of the payload", stage: send, attempts: 3, idempotent: 3, payload: large,
			handle: func(_ *socket, conn net.Conn) { conn.Read(make([]byte, 1000)); reset(conn) },
		},
		{name: "a passing documented exception", handle: answeringText(exceptionReply(409, "ResourceConflictException")), attempts: 3, idempotent: 3},
		{name: "a passing documented 502", handle: answeringText(exceptionReply(502, "ENINotReadyException")), attempts: 3, idempotent: 3},
		{name: "a throttled call", handle: answeringText(exceptionReply(429, "TooManyRequestsException")), attempts: 3, idempotent: 3},
		{name: "a documented exception that stays", handle: answeringText(exceptionReply(502, "KMSDisabledException")), attempts: 1, idempotent: 1},
		{name: "a missing function", handle: answeringText(exceptionReply(404, "ResourceNotFoundException")), attempts: 1, idempotent: 1},
		{name: "a throttling code outside the table", handle: answeringText(exceptionReply(400, "ThrottlingException")), attempts: 3, idempotent: 3},
		{name: "429 without a code", handle: answeringText(httpReply(429, "", "")), attempts: 3, idempotent: 3},
		{name: "access denied", handle: answeringText(exceptionReply(403, "AccessDeniedException")), attempts: 1, idempotent: 1},
		{name: "ServiceException", handle: answeringText(exceptionReply(500, "ServiceException")), mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "500 without a code", handle: answeringText(httpReply(500, "", "")), mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "503 of a load balancer", handle: answeringText(httpReply(503, "", "<html>")), mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "200 of a captive portal", handle: answeringText(httpReply(200, "Content-Type: text/html\r\n", "<html>login</html>")), mayHaveRun: true, attempts: 1, idempotent: 3},
		{
			name:       "a panic, as the runtime interface emulator answers it",
			handle:     answeringText(httpReply(502, "Content-Type: application/json\r\n", `{"errorMessage":"boom","errorType":"errorString","stackTrace":[{"path":"main.go","line":1,"label":"main"}]}`)),
			mayHaveRun: true, attempts: 1, idempotent: 3,
		},
		{name: "closed after the request", handle: unanswered, payload: small, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "closed after an empty request", handle: unanswered, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "closed after a large request", handle: unanswered, payload: large, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3},
		{
			name: "reset after the request", payload: small, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3,
			handle: func(s *socket, conn net.Conn) { s.read(conn); reset(conn) },
		},
		{name: "closed in the headers of the reply", handle: answeringText("HTTP/1.1 200 OK\r\nContent-Le"), payload: small, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "a reply that is not HTTP", handle: answeringText("220 smtp.example.com ESMTP\r\n"), payload: small, stage: await, mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "closed in the body of the reply", handle: answeringText("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234"), payload: small, stage: receive, mayHaveRun: true, attempts: 1, idempotent: 3},
		{name: "closed in a chunk of the reply", handle: answeringText("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12"), payload: small, stage: receive, mayHaveRun: true, attempts: 1, idempotent: 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			handle := tc.handle
			if handle == nil {
				handle = func(*socket, net.Conn) {}
			}
			var server *socket
			var dials atomic.Int32
			call := func(idempotent bool) error {
				server = listen(t, handle)
				dials.Store(0)
				opts := optionsFor(server.url)
				if tc.endpoint != nil {
					opts.BaseEndpoint = tc.endpoint(server)
				}
				dial := tc.dial
				if dial == nil {
					dial = new(net.Dialer).DialContext
				}
				opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
					c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
						dials.Add(1)
						return dial(ctx, network, addr)
					}
				})
				opts.Retry = retry.Policy{Idempotent: idempotent, BaseDelay: 1, ThrottleBaseDelay: 1}
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: tc.payload})
				require.Error(t, err)
				require.Equal(t, tc.mayHaveRun, errors.MayHaveExecuted(err), "%v", err)
				var failed *errors.TransportError
				if tc.stage == 0 {
					require.False(t, errors.As(err, &failed), "%v", err)
				} else {
					require.ErrorAs(t, err, &failed)
					require.Equal(t, tc.stage.String(), failed.Stage.String(), "%v", err)
				}
				return err
			}

			err := call(false)
			require.EqualValues(t, tc.attempts, dials.Load(), "by default: %v", err)
			if tc.stage == send {
				require.Zero(t, server.whole.Load())
			}
			if tc.attempts > 1 {
				var gaveUp *retry.MaxAttemptsError
				require.ErrorAs(t, err, &gaveUp)
				require.Equal(t, tc.attempts, gaveUp.Attempts)
			}
			require.EqualValues(t, tc.idempotent, func() int32 { call(true); return dials.Load() }(), "idempotent")
		})
	}
}

func TestACallIsIdempotentByNatureWithAnExecutionNameOrAsADryRun(t *testing.T) {
	for _, in := range []*invoke.InvokeInput{
		{FunctionName: "f", DurableExecutionName: "order-17"},
		{FunctionName: "f", InvocationType: invoke.InvocationTypeDryRun},
	} {
		server := listen(t, answeringText(httpReply(500, "", "")))
		opts := optionsFor(server.url)
		opts.Retry.BaseDelay = 1
		_, err := newClient(t, opts).Invoke(t.Context(), in)
		require.Error(t, err)
		require.EqualValues(t, 3, server.whole.Load())
	}
}

func TestTheEndOfTheContextIsNeverRetried(t *testing.T) {
	arrived := make(chan struct{}, 1)
	for _, tc := range []struct {
		name       string
		payload    []byte
		handle     func(*socket, net.Conn)
		stage      errors.Stage
		mayHaveRun bool
	}{
		{
			name: "before the request was written", payload: make([]byte, 32<<20), stage: errors.StageSend,
			handle: func(_ *socket, conn net.Conn) {
				conn.Read(make([]byte, 1))
				arrived <- struct{}{}
				<-time.After(time.Minute)
			},
		},
		{
			name: "while waiting for the reply", payload: []byte("{}"), stage: errors.StageAwait, mayHaveRun: true,
			handle: func(s *socket, conn net.Conn) {
				s.read(conn)
				arrived <- struct{}{}
				conn.Read(make([]byte, 1))
			},
		},
		{
			name: "while waiting for the reply to an empty request", stage: errors.StageAwait, mayHaveRun: true,
			handle: func(s *socket, conn net.Conn) {
				s.read(conn)
				arrived <- struct{}{}
				conn.Read(make([]byte, 1))
			},
		},
		{
			name: "in the body of the reply", payload: []byte("{}"), stage: errors.StageReceive, mayHaveRun: true,
			handle: func(s *socket, conn net.Conn) {
				s.read(conn)
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234")
				conn.Read(make([]byte, 1))
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ended := make(chan struct{})
			server := listen(t, func(s *socket, conn net.Conn) {
				go tc.handle(s, conn)
				<-ended
			})
			opts := optionsFor(server.url)
			opts.Retry = retry.Policy{Idempotent: true, BaseDelay: 1}
			direct := transport.NewClient()
			opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
				resp, err := direct.Do(r)
				if err == nil { // the head of the reply is here
					arrived <- struct{}{}
				}
				return resp, err
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-arrived; cancel() }()
			_, err := newClient(t, opts).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f", Payload: tc.payload})
			close(ended)

			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, tc.mayHaveRun, errors.MayHaveExecuted(err))
			var failed *errors.TransportError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, tc.stage.String(), failed.Stage.String())
			require.EqualValues(t, 1, server.connections.Load())
		})
	}

	t.Run("before the call", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stderrors.New("a cause of the caller's"))
		_, err := newClient(t, optionsFor("http://127.0.0.1:1")).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, errors.MayHaveExecuted(err))
	})
}

func TestThePayloadIsTheCallersAgainWhenInvokeReturns(t *testing.T) {
	payload := make([]byte, 8<<20)
	resume := make(chan struct{})
	var rest atomic.Int64
	done := make(chan struct{})
	server := listen(t, func(_ *socket, conn net.Conn) {
		defer close(done)
		conn.Read(make([]byte, 1000))
		io.WriteString(conn, exceptionReply(413, "RequestTooLargeException")) // while the request is still coming
		<-resume
		buf := make([]byte, 1<<20)
		for {
			n, err := conn.Read(buf)
			if strings.ContainsRune(string(buf[:n]), 'x') {
				rest.Add(1)
			}
			if err != nil {
				return
			}
		}
	})
	opts := optionsFor(server.url)
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
	var large *errors.RequestTooLargeException
	require.ErrorAs(t, err, &large)
	for i := range payload { // a data race, were it still being read
		payload[i] = 'x'
	}
	close(resume)
	<-done
	require.Zero(t, rest.Load(), "bytes written after Invoke returned were sent")
}

func TestAnErrorAfterAnHTTPClientSentTwiceMayHaveExecuted(t *testing.T) {
	server := listen(t, func(s *socket, conn net.Conn) { s.read(conn) })
	inner := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(inner.CloseIdleConnections)
	for name, payload := range map[string][]byte{"empty": nil, "small": []byte("{}")} {
		t.Run(name, func(t *testing.T) {
			opts := optionsFor(server.url)
			opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
				resp, err := inner.RoundTrip(r) // runs the function, and loses the reply
				if err == nil {
					return resp, nil
				}
				again := r.Clone(r.Context())
				again.URL.Host = "127.0.0.1:1" // cannot connect
				if r.GetBody != nil {
					if again.Body, err = r.GetBody(); err != nil {
						return nil, err
					}
				}
				return inner.RoundTrip(again)
			})
			_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f", Payload: payload})
			require.True(t, errors.MayHaveExecuted(err), "%v", err)
		})
	}
}
