package transport_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestAnAttemptTellsWhatCanHaveLeft(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			io.ReadFull(conn, make([]byte, 10))
			conn.Close()
		}
	}()
	for _, tc := range []struct {
		name, url              string
		connected, mayHaveLeft bool
	}{
		{"no connection", "http://127.0.0.1:1", false, false},
		{"lost after it was sent", "http://" + listener.Addr().String(), true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			client := transport.NewClient(directly)
			require.True(t, transport.Observes(client.Transport))
			var attempt transport.Attempt
			roundTrip(attempt.Context(t.Context()), t, client.Transport, tc.url)
			require.Equal(t, tc.connected, attempt.Connected())
			require.Equal(t, tc.mayHaveLeft, attempt.MayHaveLeft())
		})
	}

	t.Run("through somebody else's transport", func(t *testing.T) {
		other := &http.Transport{DisableKeepAlives: true}
		require.False(t, transport.Observes(other))
		var attempt transport.Attempt
		roundTrip(attempt.Context(t.Context()), t, other, "http://"+listener.Addr().String())
		require.False(t, attempt.Connected())
		require.True(t, attempt.MayHaveLeft())
	})

	t.Run("in a context around its own", func(t *testing.T) {
		type key struct{}
		client := transport.NewClient(directly)
		var attempt transport.Attempt
		ctx := context.WithValue(attempt.Context(t.Context()), key{}, "value")
		roundTrip(ctx, t, client.Transport, "http://"+listener.Addr().String())
		require.True(t, attempt.MayHaveLeft())
	})

	t.Run("in a second round trip", func(t *testing.T) {
		client := transport.NewClient(directly)
		for _, wrapped := range []bool{false, true} {
			var attempt transport.Attempt
			ctx := attempt.Context(t.Context())
			roundTrip(ctx, t, client.Transport, "http://127.0.0.1:1")
			require.False(t, attempt.MayHaveLeft())
			if wrapped {
				var cancel context.CancelFunc
				ctx, cancel = context.WithCancel(ctx)
				defer cancel()
			}
			roundTrip(ctx, t, client.Transport, "http://"+listener.Addr().String())
			require.True(t, attempt.MayHaveLeft())
		}
	})
}

func TestAnAttemptThatEndsBeforeItsDialHasNotLeft(t *testing.T) {
	client := transport.NewClient(func(c *transport.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return nil, io.ErrClosedPipe }
	})
	var attempt transport.Attempt
	roundTrip(attempt.Context(t.Context()), t, client.Transport, "http://host.invalid")
	require.False(t, attempt.MayHaveLeft())

	var without transport.Attempt
	_, err := client.Transport.RoundTrip((&http.Request{}).WithContext(without.Context(t.Context()))) // a URL
	require.Error(t, err)
	require.False(t, without.MayHaveLeft())
}

// roundTrip sends a request that fails.
func roundTrip(ctx context.Context, t *testing.T, rt http.RoundTripper, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("payload"))
	require.NoError(t, err)
	_, err = rt.RoundTrip(req)
	require.Error(t, err)
}
