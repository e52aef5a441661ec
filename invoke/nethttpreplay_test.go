package invoke_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// net/http sends a request a second time by itself in two cases, both on a
// connection that had served before: nothing of the request was written, which
// is safe; and the reply did not come although the request was written, if it
// deems the request idempotent, which it does for a POST with an idempotency
// key. The second case must never happen here, whoever set the key.
func TestNetHTTPsOwnReplayNeverRunsAFunctionTwice(t *testing.T) {
	clients := map[string]func() *http.Client{
		"default":  func() *http.Client { return transport.NewClient() },
		"net/http": func() *http.Client { return &http.Client{Transport: &http.Transport{}} },
	}
	for name, newHTTPClient := range clients {
		for _, key := range []string{"", "Idempotency-Key", "X-Idempotency-Key"} {
			for _, payload := range []string{"", `{"a":1}`} {
				t.Run(name+"/"+key+"/"+payload, func(t *testing.T) {
					// Each connection answers once, and vanishes after it has
					// read the second request.
					server := listen(t, func(s *socket, conn net.Conn) {
						r := bufio.NewReader(conn)
						for first := true; ; first = false {
							req, err := http.ReadRequest(r)
							if err != nil {
								return
							}
							if _, err := io.Copy(io.Discard, req.Body); err != nil {
								return
							}
							s.whole.Add(1)
							if !first {
								return
							}
							io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
						}
					})
					opts := optionsFor(server.url)
					httpClient := newHTTPClient()
					t.Cleanup(httpClient.CloseIdleConnections)
					opts.HTTPClient = httpClient
					if key != "" {
						opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
							return s.Build.Add(middleware.BuildMiddlewareFunc("Key", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
								in.Request.(*smithyhttp.Request).Header.Set(key, "17")
								return next.HandleBuild(ctx, in)
							}), middleware.After)
						})
					}
					client := newClient(t, opts)
					in := &invoke.InvokeInput{FunctionName: "f", Payload: []byte(payload)}
					_, err := client.Invoke(t.Context(), in)
					require.NoError(t, err)

					_, err = client.Invoke(t.Context(), in)
					require.Error(t, err)
					require.True(t, errors.MayHaveExecuted(err))
					require.EqualValues(t, 2, server.whole.Load(), "the second call arrived more than once")
				})
			}
		}
	}
}

func TestAConnectionThatWasClosedWhileIdleIsReplaced(t *testing.T) {
	const calls = 200
	closed := make(chan struct{}, 10*calls)
	server := listen(t, func(s *socket, conn net.Conn) {
		if s.read(conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
			conn.Close() // without having said so
			closed <- struct{}{}
		}
	})
	for name, payload := range payloads {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, optionsFor(server.url))
			server.whole.Store(0)
			for range calls {
				out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				require.NoError(t, err)
				require.Equal(t, "{}", string(out.Payload))
				<-closed
			}
			require.EqualValues(t, calls, server.whole.Load())
		})
	}
	for name, payload := range payloads {
		t.Run(name+", closed as the next call begins", func(t *testing.T) {
			client := newClient(t, optionsFor(server.url))
			server.whole.Store(0)
			for range calls {
				out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				if err != nil {
					// The close crossed with the request on its way: nobody can
					// know, and the error says so.
					require.True(t, errors.MayHaveExecuted(err), "%v", err)
					continue
				}
				require.Equal(t, "{}", string(out.Payload))
			}
			require.LessOrEqual(t, server.whole.Load(), int32(calls))
		})
	}
}
