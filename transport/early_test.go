package transport_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A reply may come before the request was written whole.

func TestAReplyToHalfARequestIsRead(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		done := make(chan struct{})
		url, configure := listenRaw(t, secure, func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 1000))
			_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
			<-done // without reading the rest, and without closing
		})
		defer close(done)
		client := newClient(t, directly, configure)
		status, body, err := post(t.Context(), client, url, strings.Repeat("x", 32<<20))
		require.NoError(t, err)
		require.Equal(t, http.StatusRequestEntityTooLarge, status)
		require.Equal(t, "no", body)
		requireNoGoroutines(t)
	})
}

func TestARequestIsWrittenToItsEndAlthoughTheReplyHasBegun(t *testing.T) {
	var whole atomic.Int64
	url, configure := listenRaw(t, false, func(c net.Conn) {
		r := bufio.NewReader(c)
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
		n, _ := io.Copy(io.Discard, req.Body)
		whole.Store(n)
		_, _ = io.WriteString(c, "k")
	})
	const size = 32 << 20
	_, body, err := post(t.Context(), newClient(t, directly, configure), url, strings.Repeat("x", size))
	require.NoError(t, err)
	require.Equal(t, "ok", body)
	require.EqualValues(t, size, whole.Load())
}

func TestABodyWaitsForTheServersContinue(t *testing.T) {
	for name, tc := range map[string]struct {
		interim, final string
		want           string // of the body
	}{
		"wanted":           {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "payload"},
		"not wanted":       {"", "HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno", ""},
		"wanted by nobody": {"HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			url, configure := listenRaw(t, false, func(c net.Conn) {
				r := bufio.NewReader(c)
				req, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, tc.interim)
				var b []byte
				if tc.want != "" {
					b, _ = io.ReadAll(req.Body)
				}
				got <- string(b)
				_, _ = io.WriteString(c, tc.final)
				_, _ = io.Copy(io.Discard, c)
			})
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("payload"))
			require.NoError(t, err)
			req.Header.Set("Expect", "100-continue")
			resp, err := newClient(t, directly, configure).Do(req)
			require.NoError(t, err)
			_, err = io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, tc.want, <-got)
		})
	}
}

// unsized hides from net/http what a body is.
type unsized struct{ io.Reader }

func TestRequestsOfEveryKindArriveAsTheyAre(t *testing.T) {
	schemes(t, func(t *testing.T, secure bool) {
		srv := newServer(t, secure, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("X-Method", r.Method)
			w.Header().Set("X-Query", r.URL.RawQuery)
			w.Header().Set("X-Path", r.URL.EscapedPath())
			w.Header().Set("X-Trailer", r.Trailer.Get("X-Sum"))
			w.Header().Set("X-Agent", r.UserAgent())
			_, _ = w.Write(b)
		}))
		client := srv.newClient(t)
		large := strings.Repeat("large ", 100_000)
		for _, tc := range []struct {
			name, method, path string
			body               io.Reader
			change             func(*http.Request)
			want               string
		}{
			{"GET", "GET", "/a%2Fb/c?x=1&y=%20", nil, nil, ""},
			{"HEAD", "HEAD", "/", nil, nil, ""},
			{"DELETE", "DELETE", "/x", nil, nil, ""},
			{"GET with an empty body", "GET", "/", unsized{strings.NewReader("")}, nil, ""},
			{"GET with a body", "GET", "/", unsized{strings.NewReader("body")}, nil, "body"},
			{"PUT", "PUT", "/", strings.NewReader("body"), nil, "body"},
			{"chunks", "POST", "/", unsized{strings.NewReader(large)}, nil, large},
			{"no chunk", "POST", "/", unsized{strings.NewReader("")}, nil, ""},
			{"large", "POST", "/", strings.NewReader(large), nil, large},
			{"a length and no way to read again", "POST", "/", unsized{strings.NewReader(large)}, func(r *http.Request) { r.ContentLength = int64(len(large)) }, large},
			{"a trailer", "POST", "/", unsized{strings.NewReader("body")}, func(r *http.Request) { r.Trailer = http.Header{"X-Sum": {"17"}} }, "body"},
			{"a user agent", "GET", "/", nil, func(r *http.Request) { r.Header.Set("User-Agent", "me") }, ""},
			{"no user agent", "GET", "/", nil, func(r *http.Request) { r.Header.Set("User-Agent", "") }, ""},
		} {
			t.Run(tc.name, func(t *testing.T) {
				req, err := http.NewRequestWithContext(t.Context(), tc.method, srv.URL+tc.path, tc.body)
				require.NoError(t, err)
				if tc.change != nil {
					tc.change(req)
				}
				resp, err := client.Do(req)
				require.NoError(t, err)
				defer resp.Body.Close()
				b, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.Equal(t, tc.want, string(b))
				require.Equal(t, tc.method, resp.Header.Get("X-Method"))
				require.Equal(t, req.URL.RawQuery, resp.Header.Get("X-Query"))
				require.Equal(t, req.URL.EscapedPath(), resp.Header.Get("X-Path"))
				require.Equal(t, req.Trailer.Get("X-Sum"), resp.Header.Get("X-Trailer"))
				agent := "Go-http-client/1.1"
				if values, ok := req.Header["User-Agent"]; ok {
					agent = values[0]
				}
				require.Equal(t, agent, resp.Header.Get("X-Agent"))
			})
		}
		require.EqualValues(t, 1, srv.conns.Load(), "all of them on one connection")
	})
}

func TestARequestThatCannotBeSentIsAnError(t *testing.T) {
	srv := newServer(t, false, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done() // a body that is too long looks like a whole one here, and an answer could come first
	}))
	broken := &net.AddrError{Err: "out of paper"}
	for _, tc := range []struct {
		name   string
		change func(*http.Request)
		want   string
	}{
		{"no header", func(r *http.Request) { r.Header = nil }, "nil Request.Header"},
		{"scheme", func(r *http.Request) { r.URL.Scheme = "gopher" }, "unsupported protocol scheme"},
		{"no host", func(r *http.Request) { r.URL.Host = "" }, "no host"},
		{"method", func(r *http.Request) { r.Method = "GET /" }, "invalid method"},
		{"header name", func(r *http.Request) { r.Header["a b"] = []string{"x"} }, "invalid header name"},
		{"header value", func(r *http.Request) { r.Header["Secret"] = []string{"hunter2\r\nX: y"} }, `invalid value of header "Secret"`},
		{"trailer", func(r *http.Request) { r.Trailer = http.Header{"a b": nil} }, "invalid trailer name"},
		{"host", func(r *http.Request) { r.Host = "a b" }, "invalid Host header"},
		{"query", func(r *http.Request) { r.URL.RawQuery = "a\nb" }, "control character"},
		{"body too short", func(r *http.Request) { r.ContentLength = 5 }, "declares a body of 5 bytes"},
		{"body too long", func(r *http.Request) { r.ContentLength = 3 }, "declares a body of 3 bytes"},
		{"body too short, streamed", func(r *http.Request) { r.ContentLength, r.GetBody = 5, nil }, "declares a body of 5 bytes"},
		{"body too long, streamed", func(r *http.Request) { r.ContentLength, r.GetBody = 3, nil }, "declares a body of 3 bytes"},
		{"body that fails", func(r *http.Request) {
			r.GetBody, r.ContentLength = nil, -1
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("x"), failing{broken}))
		}, "out of paper"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL, strings.NewReader("four"))
			require.NoError(t, err)
			tc.change(req)
			_, err = newClient(t, directly).Transport.RoundTrip(req)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
