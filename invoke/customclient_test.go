package invoke_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

var payloads = map[string][]byte{"empty": nil, "small": []byte(`{"a":1}`), "large": bytes.Repeat([]byte("1"), 5000)}

// net/http repeats a stream that an HTTP/2 peer reset in certain ways, also
// after the peer had the whole request.
func TestAStreamThatAnHTTP2PeerResetsIsNotSentAgain(t *testing.T) {
	for name, payload := range payloads {
		wrapped := func(c *http.Client) *http.Client { return &http.Client{Transport: roundTrip(c.Transport.RoundTrip)} }
		for kind, use := range map[string]func(*http.Client) *http.Client{"plain": func(c *http.Client) *http.Client { return c }, "wrapped": wrapped} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				var runs atomic.Int32
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					io.Copy(io.Discard, r.Body)
					runs.Add(1)
					panic(http.ErrAbortHandler) // resets the stream
				}))
				server.EnableHTTP2 = true
				server.StartTLS()
				t.Cleanup(server.Close)
				opts := optionsFor(server.URL)
				opts.HTTPClient = use(server.Client())
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				require.Error(t, err)
				require.EqualValues(t, 1, runs.Load())
				require.True(t, errors.MayHaveExecuted(err), "%v", err)
				require.NotErrorIs(t, err, context.Canceled, "the caller's context goes on")
			})
		}
	}
}

// losing runs the request and loses the reply, and calls no hook.
type losing struct{ runs *atomic.Int32 }

func (l losing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		io.Copy(io.Discard, r.Body)
	}
	l.runs.Add(1)
	return nil, io.ErrUnexpectedEOF
}

func TestARequestThatATransportReadWholeMayHaveExecuted(t *testing.T) {
	for name, payload := range payloads {
		for kind, transportOf := range map[string]func(losing) http.RoundTripper{
			"another": func(l losing) http.RoundTripper { return l },
			"registered with net/http's": func(l losing) http.RoundTripper {
				own := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
				own.RegisterProtocol("http", l)
				return own
			},
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				var runs atomic.Int32
				opts := optionsFor("http://localhost:1")
				opts.HTTPClient = &http.Client{Transport: transportOf(losing{&runs})}
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				require.True(t, errors.MayHaveExecuted(err), "%v", err)
				require.EqualValues(t, 1, runs.Load())
			})
		}
	}
}

// Middleware that goes through the rest of the stack twice has its reasons. The
// error it ends in must answer for both times.
func TestMiddlewareThatSendsTwiceIsAnsweredForBothTimes(t *testing.T) {
	for name, payload := range payloads {
		for place, twice := range map[string]func(*middleware.Stack) error{
			"inside the retry loop": func(s *middleware.Stack) error {
				return s.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Twice", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
					if out, metadata, err := next.HandleFinalize(ctx, in); err == nil {
						return out, metadata, nil
					}
					return next.HandleFinalize(ctx, in)
				}), "Retry", middleware.After)
			},
			"around everything": func(s *middleware.Stack) error {
				return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Twice", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					if out, metadata, err := next.HandleInitialize(ctx, in); err == nil {
						return out, metadata, nil
					}
					return next.HandleInitialize(ctx, in)
				}), middleware.Before)
			},
		} {
			t.Run(place+"/"+name, func(t *testing.T) {
				var bodies []string
				opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					if bodies = append(bodies, string(body)); len(bodies) == 1 {
						reply(500, nil, "")(w, r)
						return
					}
					reply(403, map[string]string{"X-Amzn-Errortype": "AccessDeniedException"}, "{}")(w, r)
				})
				opts.APIOptions = append(opts.APIOptions, twice)
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				var service *errors.LambdaServiceException
				require.ErrorAs(t, err, &service)
				require.Equal(t, "AccessDeniedException", service.Code)
				require.True(t, errors.MayHaveExecuted(err), "the first request may have run the function")
				require.Equal(t, []string{string(payload), string(payload)}, bodies)
			})
		}
	}
}

func TestABodyThatAFunctionWroteIsNotTakenForARefusal(t *testing.T) {
	for body, status := range map[string]int{
		`{"errorMessage":"boom","errorType":"Error"}`:                          429,
		`{"errorMessage":"boom","code":"TooManyRequestsException"}`:            429,
		`{"code":"TooManyRequestsException","message":"my own"}`:               502,
		`{"code":"ThrottlingException","message":"my own"}`:                    502,
		`{"__type":"x#EFSMountTimeoutException"}`:                              500,
		`{"error":{"errorMessage":"x"},"code":"RequestThrottledException"}`:    504,
		`{"code":"TooManyRequestsException","message":"cut in the middle of i`: 500,
	} {
		t.Run(body, func(t *testing.T) {
			requests := 0
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				reply(status, nil, body)(w, r)
			})
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.True(t, errors.MayHaveExecuted(err), "%v", err)
			require.Equal(t, 1, requests)
		})
	}
}
