package fetch_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestAProxyIsAskedAgainUnlessItRefuses(t *testing.T) {
	for status, requests := range map[int]int32{403: 1, 407: 1, 503: 3} {
		var asked atomic.Int32
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.WriteHeader(status)
		}))
		t.Cleanup(proxy.Close)
		address, err := url.Parse(proxy.URL)
		require.NoError(t, err)
		endpoint := fetch.Endpoint{
			Source: "a test", Retries: 2, Timeout: time.Minute,
			Client: fetch.NewClient(func(c *transport.Config) { c.Proxy = http.ProxyURL(address) }),
			Request: func(ctx context.Context) (*http.Request, error) {
				return http.NewRequestWithContext(ctx, http.MethodGet, "https://credentials.test/", nil)
			},
		}
		_, err = endpoint.Retrieve(t.Context())
		var refused *errors.ProxyError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, status, refused.StatusCode)
		require.Equal(t, requests, asked.Load(), status)
	}
}
