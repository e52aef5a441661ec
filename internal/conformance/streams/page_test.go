package streams_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/streams"
)

// The SDK looks at no content type: it takes a page for a stream that broke, and no page at all for one that was empty.
func TestWhatIsNoStreamIsRefusedByTheCall(t *testing.T) {
	for page, inSDK := range map[string]string{
		"<html>Sign in to go on</html>": streams.Broken,
		"":                              streams.Unsaid,
	} {
		endpoint := capture.Start(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(page))
		})
		clients := pair.New(t, endpoint.URL)

		_, err := streams.Ours(t.Context(), clients.Ours)
		unexpected, ok := pair.As[*errors.UnexpectedResponseError](err)
		require.True(t, ok, err)
		require.Equal(t, "text/html", unexpected.ContentType)
		require.Equal(t, page, unexpected.Body)

		sdk, err := streams.SDK(t.Context(), clients.SDK)
		require.NoError(t, err)
		require.Equal(t, inSDK, sdk.End)
		require.Zero(t, sdk.Bytes)
	}
}
