package invoke_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// What HTTP clients of the caller's own may do.

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// transports are what a client of the caller's own is made on top of.
func transports() map[string]http.RoundTripper {
	return map[string]http.RoundTripper{"this library's": transport.NewClient().Transport, "net/http's": &http.Transport{}}
}

// vanishing answers two requests, each on a connection of its own, and then
// reads requests whole and closes their connections.
func vanishing(t *testing.T) *socket {
	var seen atomic.Int32
	both := make(chan struct{})
	return listen(t, func(s *socket, conn net.Conn) {
		r := bufio.NewReader(conn)
		for {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, req.Body); err != nil {
				return
			}
			s.whole.Add(1)
			switch seen.Add(1) {
			case 1:
				<-both
			case 2:
				close(both)
			default:
				return
			}
			io.WriteString(conn, httpReply(200, "", "{}"))
		}
	})
}

func TestAClientThatTriesByItselfRunsNothingTwice(t *testing.T) {
	twice := func(base http.RoundTripper, change func(*http.Request)) http.RoundTripper {
		return roundTrip(func(r *http.Request) (resp *http.Response, err error) {
			r = r.Clone(r.Context())
			change(r)
			for range 2 {
				if resp, err = base.RoundTrip(r); err == nil {
					return resp, nil
				}
				if r.GetBody != nil {
					body, bodyErr := r.GetBody()
					if bodyErr != nil {
						continue // with the body that was read
					}
					r.Body = body
				}
			}
			return nil, err
		})
	}
	for name, payload := range payloads {
		for on, base := range transports() {
			for kind, change := range map[string]func(*http.Request){
				"as it is": func(*http.Request) {},
				"without GetBody": func(r *http.Request) {
					r.GetBody = nil
				},
				"declared idempotent to net/http": func(r *http.Request) {
					r.Header.Set("Idempotency-Key", "1")
				},
			} {
				for place, client := range map[string]http.RoundTripper{
					"on top": twice(base, change),
					"registered below": func() http.RoundTripper {
						own := new(http.Transport)
						own.RegisterProtocol("http", twice(base, change))
						return own
					}(),
				} {
					t.Run(place+"/"+on+"/"+kind+"/"+name, func(t *testing.T) {
						server := vanishing(t)
						opts := optionsFor(server.url)
						opts.HTTPClient = &http.Client{Transport: client}
						c := newClient(t, opts)
						var idle sync.WaitGroup
						for range 2 {
							idle.Go(func() {
								_, err := c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
								require.NoError(t, err)
							})
						}
						idle.Wait()
						_, err := c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
						require.Error(t, err)
						require.True(t, errors.MayHaveExecuted(err), "%v", err)
						require.EqualValues(t, 3, server.whole.Load())
					})
				}
			}
		}
	}
}

// A dial function may make requests of its own in the context it is given: to
// find an address, or to make a tunnel.
func TestRequestsOfADialFunctionDoNotCount(t *testing.T) {
	directory := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	directory.EnableHTTP2 = true
	directory.StartTLS()
	t.Cleanup(directory.Close)
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, directory.URL, nil)
		require.NoError(t, err)
		resp, err := directory.Client().Do(req)
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	for name, payload := range payloads {
		for on, client := range map[string]*http.Client{
			"net/http's":     {Transport: &http.Transport{DialContext: dial}},
			"this library's": transport.NewClient(func(c *transport.Config) { c.DialContext = dial }),
		} {
			t.Run(on+"/"+name, func(t *testing.T) {
				answering := listen(t, answeringText(httpReply(200, "", "{}")))
				opts := optionsFor(answering.url)
				opts.HTTPClient = client
				_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				require.NoError(t, err)

				silent := listen(t, func(s *socket, conn net.Conn) { s.read(conn) })
				opts.BaseEndpoint = silent.url
				_, err = newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
				require.True(t, errors.MayHaveExecuted(err), "%v", err)
				require.EqualValues(t, 1, silent.whole.Load())
			})
		}
	}
}

func TestAClientThatReturnsNothingIsAnError(t *testing.T) {
	nothing := func(*http.Request) (*http.Response, error) { return nil, nil }
	for _, client := range []invoke.HTTPClient{doer(nothing), &http.Client{Transport: roundTrip(nothing)}} {
		opts := optionsFor("http://localhost:1")
		opts.HTTPClient = client
		_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		var failed *errors.TransportError
		require.ErrorAs(t, err, &failed)
		require.ErrorContains(t, err, "neither a response nor an error")
	}
	for _, client := range []invoke.HTTPClient{(*http.Client)(nil), (*transport.Transport)(nil)} {
		_, err := invoke.New(optionsFor("http://localhost:1"), func(o *invoke.Options) { o.HTTPClient = client })
		require.ErrorContains(t, err, fmt.Sprintf("HTTPClient is a nil %T", client))
	}
	_, err := invoke.New(optionsFor("http://localhost:1"), func(o *invoke.Options) {
		o.HTTPClient = &http.Client{Transport: (*transport.Transport)(nil)}
	})
	require.ErrorContains(t, err, "the Transport of Options.HTTPClient is a nil *transport.Transport")
}

// counting embeds a transport of this library and has methods of its own in place of its.
type counting struct {
	*transport.Transport
	requests *atomic.Int32
}

func (c counting) Do(r *http.Request) (*http.Response, error) { return c.RoundTrip(r) }

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return c.Transport.RoundTrip(r)
}

func TestATypeThatEmbedsATransportKeepsItsOwnMethods(t *testing.T) {
	own := counting{transport.New(), new(atomic.Int32)}
	for name, client := range map[string]invoke.HTTPClient{"as the client": own, "below an *http.Client": &http.Client{Transport: own}} {
		t.Run(name, func(t *testing.T) {
			own.requests.Store(0)
			opts := serve(t, reply(200, nil, "{}"))
			opts.HTTPClient = client
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			require.NoError(t, err)
			require.EqualValues(t, 1, own.requests.Load())
		})
	}
}

func TestAnErrorOfAClientIsFoundInTheTransportError(t *testing.T) {
	mine := errors.New("mine")
	for _, inner := range []error{
		fmt.Errorf("%w: token: %w", mine, &url.Error{Op: "Post", URL: "http://elsewhere", Err: io.EOF}),
		&url.Error{Op: "Post", URL: "http://elsewhere", Err: mine},
	} {
		opts := optionsFor("http://localhost:1")
		opts.HTTPClient = doer(func(*http.Request) (*http.Response, error) { return nil, inner })
		_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.ErrorIs(t, err, mine)
	}
}

// A cookie jar and many a wrapper add headers to the request they are given.
func TestHeadersThatAClientAddsAreNotSignedByTheNextAttempt(t *testing.T) {
	server := invoketest.NewServer(t)
	server.Handle("f", func(_ context.Context, event []byte) ([]byte, error) { return event, nil })
	own := server.Options().HTTPClient.(*http.Client)
	address, err := url.Parse(server.URL())
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	jar.SetCookies(address, []*http.Cookie{{Name: "a", Value: "1"}})

	for name, client := range map[string]invoke.HTTPClient{
		"cookie jar": &http.Client{Transport: own.Transport, Jar: jar},
		"wrapper": doer(func(r *http.Request) (*http.Response, error) {
			r.Header.Add("X-Trace", "1")
			return own.Do(r)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			server.Script("f", invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
			opts := server.Options()
			opts.HTTPClient = client
			out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			require.NoError(t, err)
			require.Equal(t, 2, out.Attempts)
		})
	}
}

func TestARedirectIsAnErrorWithItsRequestIDWhateverTheClient(t *testing.T) {
	clients := map[string]invoke.HTTPClient{"a transport of this library": transport.New()}
	for on, base := range transports() {
		clients[on] = &http.Client{Transport: base}
		clients[on+", with a timeout"] = &http.Client{Transport: base, Timeout: time.Minute}
		clients[on+", wrapped"] = &http.Client{Transport: roundTrip(base.RoundTrip)}
	}
	for on, client := range clients {
		for name, payload := range payloads {
			for _, status := range []int{302, 308} {
				for _, location := range []string{"/elsewhere", "http://[::1"} {
					t.Run(fmt.Sprint(on, "/", name, "/", status, location), func(t *testing.T) {
						opts := serve(t, reply(status, map[string]string{"Location": location, "X-Amzn-Requestid": "id-1"}, ""))
						opts.HTTPClient = client
						var seen http.Header
						opts.APIOptions = append(opts.APIOptions, rawHeader(&seen))
						_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: payload})
						var service *errors.LambdaServiceException
						require.ErrorAs(t, err, &service)
						require.Equal(t, "id-1", service.RequestID)
						require.Equal(t, status, service.StatusCode)
						require.True(t, errors.MayHaveExecuted(err), "whoever redirects may have disliked the reply")
						require.Equal(t, location, seen.Get("Location"), "middleware sees the header")
					})
				}
			}
		}
	}
}

// rawHeader notes the headers of the last response as they come to the stack.
func rawHeader(seen *http.Header) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("RawHeader", func(
			ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
		) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if resp, ok := out.RawResponse.(*smithyhttp.Response); ok {
				*seen = resp.Header
			}
			return out, metadata, err
		}), middleware.After)
	}
}

// After 101 the connection is the peer's to say something on, or never to.
func TestAReplyThatSwitchesProtocolsEndsTheCall(t *testing.T) {
	for on, base := range transports() {
		t.Run(on, func(t *testing.T) {
			server := listen(t, func(s *socket, conn net.Conn) {
				if s.read(conn) {
					io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\nX-Amzn-Requestid: id-1\r\n\r\n")
					io.Copy(io.Discard, conn) // until the client closes it
				}
			})
			opts := optionsFor(server.url)
			opts.HTTPClient = &http.Client{Transport: base}
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			var service *errors.LambdaServiceException
			require.ErrorAs(t, err, &service)
			require.Equal(t, 101, service.StatusCode)
			require.Equal(t, "id-1", service.RequestID)
			require.True(t, errors.MayHaveExecuted(err))
		})
	}
}

func TestTheHighestResponseLimitIsNone(t *testing.T) {
	limit := func(o *invoke.Options) { o.MaxResponseBytes = math.MaxInt64 }
	chunked := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"a":`)
		w.(http.Flusher).Flush()
		io.WriteString(w, `1}`)
	})
	out, err := newClient(t, chunked, limit).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":1}`, string(out.Payload))

	for _, declared := range []int64{math.MaxInt64, math.MaxInt64 - 1} {
		liar := listen(t, answeringText(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{}", declared)))
		_, err = newClient(t, optionsFor(liar.url), limit).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.True(t, errors.MayHaveExecuted(err))
	}
}
