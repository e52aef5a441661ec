package transport_test

import (
	"io"
	"net"
	"net/http"
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
			client := transport.NewClient()
			require.True(t, transport.Observes(client.Transport))
			var attempt transport.Attempt
			req, err := http.NewRequestWithContext(attempt.Context(t.Context()), http.MethodPost, tc.url, strings.NewReader("payload"))
			require.NoError(t, err)
			_, err = client.Transport.RoundTrip(req)
			require.Error(t, err)
			require.Equal(t, tc.connected, attempt.Connected())
			require.Equal(t, tc.mayHaveLeft, attempt.MayHaveLeft())
		})
	}

	t.Run("through somebody else's transport", func(t *testing.T) {
		other := &http.Transport{DisableKeepAlives: true}
		require.False(t, transport.Observes(other))
		var attempt transport.Attempt
		req, err := http.NewRequestWithContext(attempt.Context(t.Context()), http.MethodPost, "http://"+listener.Addr().String(), strings.NewReader("payload"))
		require.NoError(t, err)
		_, err = other.RoundTrip(req)
		require.Error(t, err)
		require.False(t, attempt.Connected())
	})
}
