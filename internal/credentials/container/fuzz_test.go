package container_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
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
		p, err := container.New(container.Config{RelativeURI: "/", AuthToken: secretToken, HTTPClient: clientFunc(func(*http.Request) (*http.Response, error) {
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

// FuzzAnswer holds the reading of an answer against that of encoding/json.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		answer, ` null `, `[]`, `"x"`, `{`, `{"code":1,"message":"m"}`, `{"CODE":"A","code":"B","Code":null,"mess\u0061ge":"\ud83d"}`,
		`{"token":{},"Token":"t"}`, `{"\u212aey":"","Message":"\xff","expiration":"x"} x`, `{"acce\u017f\u017fKeyId":"A"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var want struct {
			AccessKeyID     string `json:"AccessKeyId"`
			SecretAccessKey string
			Token           string
			Expiration      string
			Code            string `json:"code"`
			Message         string `json:"message"`
		}
		err := json.Unmarshal(body, &want)
		got, ok := container.ReadAnswer(body)
		require.Equal(t, err == nil, ok)
		require.Equal(t, [6]string{want.AccessKeyID, want.SecretAccessKey, want.Token, want.Expiration, want.Code, want.Message}, got)
	})
}
