package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestRequestsThatADialMakesAreNotTakenForTheCallers(t *testing.T) {
	discovery := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "here")
	}))
	srv := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	broken := errors.New("it was there a moment ago")
	for name, discoverer := range map[string]func(t *testing.T, client *http.Client) *http.Client{
		"through the same client": func(_ *testing.T, client *http.Client) *http.Client { return client },
		"through another client":  func(t *testing.T, _ *http.Client) *http.Client { return newClient(t, directly) },
		"through net/http": func(t *testing.T, _ *http.Client) *http.Client {
			plain := &http.Client{Transport: &http.Transport{}}
			t.Cleanup(plain.CloseIdleConnections)
			return plain
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, fails := range []bool{true, false} {
				var discover *http.Client
				client := newClient(t, directly, func(c *transport.Config) {
					c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
						if "http://"+addr == discovery.URL {
							return new(net.Dialer).DialContext(ctx, network, addr)
						}
						if _, _, err := post(ctx, discover, discovery.URL, "where?"); err != nil {
							return nil, err
						}
						if fails {
							return nil, broken
						}
						return new(net.Dialer).DialContext(ctx, network, addr)
					}
				})
				discover = discoverer(t, client)
				resp, progress, err := send(t.Context(), t, client, srv.URL, "x")
				require.Equal(t, !fails, progress.Connected)
				require.Equal(t, !fails, progress.AllWritten)
				if fails {
					require.ErrorIs(t, err, broken)
					require.False(t, progress.AllWritten)
					continue
				}
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
			}
		})
	}
}

func TestADialHasTheCallersContext(t *testing.T) {
	type key struct{}
	srv := newServer(t, false, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, trace := range map[string]*httptrace.ClientTrace{"with hooks": {GotConn: func(httptrace.GotConnInfo) {}}, "without": nil} {
		t.Run(name, func(t *testing.T) {
			ctx := context.WithValue(t.Context(), key{}, "value")
			if trace != nil {
				ctx = httptrace.WithClientTrace(ctx, trace)
			}
			var dialed context.Context
			client := newClient(t, directly, func(c *transport.Config) {
				c.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
					dialed = ctx
					return new(net.Dialer).DialContext(ctx, network, addr)
				}
			})
			_, _, err := post(ctx, client, srv.URL, "x")
			require.NoError(t, err)
			require.Equal(t, "value", dialed.Value(key{}))
			require.Same(t, trace, httptrace.ContextClientTrace(dialed))
		})
	}
}
