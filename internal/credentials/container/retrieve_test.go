package container_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
)

const (
	secretToken = "Bearer eyJ-very-secret-token"
	secretKey   = "wJalr-very-secret-key"
	secretPath  = "/v2/credentials/very-secret-path"
	answer      = `{"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"` + secretKey + `","Token":"session-secret","Expiration":"2030-01-02T03:04:05Z","AccountId":"123456789012","RoleArn":"arn"}`
)

// serve serves an endpoint and returns its URL. It fails the test if the
// number of requests is not the one wanted.
func serve(t *testing.T, requests int64, handler http.HandlerFunc) string {
	t.Helper()
	var got atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		handler(w, r)
	}))
	t.Cleanup(func() {
		server.Close()
		require.Equal(t, requests, got.Load(), "requests")
	})
	return server.URL
}

// reply answers every request in the same way.
func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func retrieve(t *testing.T, cfg container.Config) (credentials.Credentials, error) {
	t.Helper()
	p, err := container.New(cfg)
	require.NoError(t, err)
	creds, err := p.Retrieve(t.Context())
	for _, shown := range []string{fmt.Sprint(err), fmt.Sprintf("%+v %#v", p, p), fmt.Sprintf("%v %+v %#v %s", creds, creds, creds, &creds)} {
		for _, secret := range []string{secretToken, "eyJ-very-secret-token", secretKey, "session-secret", secretPath} {
			require.NotContains(t, shown, secret)
		}
	}
	return creds, err
}

// record answers every request and passes it on, for the test to look at.
func record(to chan<- *http.Request) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		to <- r
		reply(200, answer)(w, r)
	}
}

func TestRetrieveAsksTheEndpoint(t *testing.T) {
	requests := make(chan *http.Request, 1)
	url := serve(t, 1, record(requests))
	creds, err := retrieve(t, container.Config{FullURI: url + secretPath + "?a=b", AuthToken: secretToken})
	require.NoError(t, err)
	require.Equal(t, credentials.Credentials{
		AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: secretKey, SessionToken: "session-secret",
		Expires: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
	}, creds)

	r := <-requests
	require.Equal(t, http.MethodGet, r.Method)
	require.Equal(t, secretPath+"?a=b", r.RequestURI)
	require.Equal(t, []string{secretToken}, r.Header["Authorization"])
	require.Equal(t, "application/json", r.Header.Get("Accept"))
}

func TestRetrieveSendsNoAuthorizationWithoutAToken(t *testing.T) {
	requests := make(chan *http.Request, 1)
	url := serve(t, 1, record(requests))
	_, err := retrieve(t, container.Config{FullURI: strings.Replace(url, "127.0.0.1", "localhost", 1)})
	require.NoError(t, err)
	require.NotContains(t, (<-requests).Header, "Authorization")
}

func TestRetrieveAsksTheECSAgentForARelativeURI(t *testing.T) {
	requests := make(chan *http.Request, 1)
	dialed := make(chan string, 1)
	url := serve(t, 1, record(requests))
	agent := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed <- address
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(url, "http://"))
		},
	}}
	_, err := retrieve(t, container.Config{RelativeURI: secretPath, FullURI: "http://ignored.test", HTTPClient: agent})
	require.NoError(t, err)
	require.Equal(t, "169.254.170.2:80", <-dialed)
	r := <-requests
	require.Equal(t, "169.254.170.2", r.Host)
	require.Equal(t, secretPath, r.RequestURI)
}

func TestRetrieveReturnsWhatTheEndpointHasNow(t *testing.T) {
	var n atomic.Int64
	url := serve(t, 3, func(w http.ResponseWriter, r *http.Request) {
		reply(200, fmt.Sprintf(`{"AccessKeyId":"AKIA%d","SecretAccessKey":"s"}`, n.Add(1)))(w, r)
	})
	p, err := container.New(container.Config{FullURI: url})
	require.NoError(t, err)
	for i := range 3 {
		creds, err := p.Retrieve(t.Context())
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("AKIA%d", i+1), creds.AccessKeyID)
	}
}

func TestRetrieveReadsTheTokenFileEachTime(t *testing.T) {
	requests := make(chan *http.Request, 1)
	url := serve(t, 2, record(requests))
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("of the start"), 0o600))
	p, err := container.New(container.Config{FullURI: url, AuthToken: "not this one", AuthTokenFile: file})
	require.NoError(t, err)
	for _, token := range []string{"first", "second"} {
		require.NoError(t, os.WriteFile(file, []byte(token), 0o600))
		_, err := p.Retrieve(t.Context())
		require.NoError(t, err)
		require.Equal(t, token, (<-requests).Header.Get("Authorization"))
	}
}

func TestRetrieveSaysWhatIsWrongWithTheTokenFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	tests := map[string]struct {
		file, err string
		is        error
	}{
		"missing":    {write("missing", ""), "cannot be read: no such file or directory", fs.ErrNotExist},
		"directory":  {dir, "cannot be read: is a directory", nil},
		"empty":      {write("empty", ""), "is empty", nil},
		"line break": {write("line", secretToken+"\n"), "holds a line break or another control character", nil},
		"too large":  {write("large", strings.Repeat("x", 16<<10+1)), "is larger than 16 KiB", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serve(t, 0, reply(200, answer)) // and nothing is sent
			p, err := container.New(container.Config{FullURI: url, AuthTokenFile: test.file})
			require.NoError(t, err)
			if test.is != nil {
				require.NoError(t, os.Remove(test.file))
			}
			_, err = p.Retrieve(t.Context())
			require.NotContains(t, fmt.Sprint(err), "eyJ-very-secret-token")
			require.EqualError(t, err, "container credentials: the authorization token file "+test.file+" (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) "+test.err)
			if test.is != nil {
				require.ErrorIs(t, err, test.is)
			}
		})
	}
}

func TestRetrieveFollowsNoRedirect(t *testing.T) {
	elsewhere := serve(t, 0, reply(200, answer))
	url := serve(t, 1, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	_, err := retrieve(t, container.Config{FullURI: url})
	require.ErrorContains(t, err, ": status 307")
}

func TestRetrieveTriesAgainWhatMayPass(t *testing.T) {
	tests := map[string]http.HandlerFunc{
		"500":     reply(500, `{"code":"InternalError","message":"wait"}`),
		"503":     reply(503, "<html>"),
		"429":     reply(429, ""),
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = w.Write([]byte("{"))
		},
	}
	for name, fail := range tests {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int64
			url := serve(t, 2, func(w http.ResponseWriter, r *http.Request) {
				if n.Add(1) == 1 {
					fail(w, r)
					return
				}
				reply(200, answer)(w, r)
			})
			creds, err := retrieve(t, container.Config{FullURI: url})
			require.NoError(t, err)
			require.Equal(t, "AKIAEXAMPLE", creds.AccessKeyID)
		})
	}
}

func TestRetrieveWithoutAnEndpointSaysWhereItWasLookedFor(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())

	_, err = retrieve(t, container.Config{FullURI: "http://" + address + secretPath})
	require.ErrorContains(t, err, "container credentials from http://"+address+" (AWS_CONTAINER_CREDENTIALS_FULL_URI): dial tcp "+address+": ")
	var opErr *net.OpError
	require.ErrorAs(t, err, &opErr)
}

// clientFunc is an HTTP client without a network, for tests in a time bubble.
type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}
}

// silent never answers.
func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestRetrieveGivesUpAfterFourAttempts(t *testing.T) {
	unreachable := errors.New("unreachable")
	tests := map[string]struct {
		do   clientFunc
		want string
	}{
		"500":         {func(*http.Request) (*http.Response, error) { return response(500, ""), nil }, "status 500"},
		"unreachable": {func(*http.Request) (*http.Response, error) { return nil, unreachable }, "unreachable"},
		"silent":      {silent, "no answer within 3s"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts, started := 0, time.Now()
				_, err := retrieve(t, container.Config{RelativeURI: secretPath, HTTPClient: clientFunc(func(r *http.Request) (*http.Response, error) {
					attempts++
					return test.do(r)
				})})
				require.EqualError(t, err, "container credentials from http://169.254.170.2 (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI): "+test.want)
				require.False(t, errors.Is(err, context.DeadlineExceeded), "it is not the caller's context that ended")
				require.Equal(t, 4, attempts)
				require.Less(t, time.Since(started), 15*time.Second)
			})
		})
	}
}

func TestRetrieveOutlivesASlowAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		creds, err := retrieve(t, container.Config{RelativeURI: "/", HTTPClient: clientFunc(func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts == 1 {
				return silent(r)
			}
			return response(200, answer), nil
		})})
		require.NoError(t, err)
		require.Equal(t, "AKIAEXAMPLE", creds.AccessKeyID)
	})
}

func TestRetrieveEndsWithTheCallersContext(t *testing.T) {
	tests := map[string]struct {
		do   clientFunc
		text string
	}{
		"during an attempt":    {silent, "context deadline exceeded"},
		"between two attempts": {func(*http.Request) (*http.Response, error) { return response(503, ""), nil }, "context deadline exceeded, after: status 503"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := container.New(container.Config{RelativeURI: "/", HTTPClient: test.do})
				require.NoError(t, err)
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				started := time.Now()
				_, err = p.Retrieve(ctx)
				require.EqualError(t, err, "container credentials from http://169.254.170.2 (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI): "+test.text)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, 50*time.Millisecond, time.Since(started))
			})
		})
	}
}

func TestRetrieveStopsReadingASlowAnswerWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, 1, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, answer[:10])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	p, err := container.New(container.Config{FullURI: url})
	require.NoError(t, err)
	_, err = p.Retrieve(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
