package containercreds_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/containercreds"
)

func FuzzRetrieve(f *testing.F) {
	f.Add(200, []byte(answer))
	f.Add(200, []byte(`{"code":"X","message":"`+secretToken+`"}`))
	f.Add(403, []byte(`{"code":"X","message":"\u0000\n\ud800"}`))
	f.Add(302, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status == 429 || status >= 500 {
			status = 403 // those are tried again, which takes its time
		}
		p, err := containercreds.New(containercreds.Config{RelativeURI: "/", AuthToken: secretToken, HTTPClient: clientFunc(func(*http.Request) (*http.Response, error) {
			return response(status, string(body)), nil
		})})
		require.NoError(t, err)
		creds, err := p.Retrieve(t.Context())
		if err != nil {
			require.Zero(t, creds)
			require.NotContains(t, err.Error(), secretToken)
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 4<<10)
			return
		}
		require.Equal(t, 200, status)
		require.NotEmpty(t, creds.AccessKeyID)
		require.NotEmpty(t, creds.SecretAccessKey)
	})
}
