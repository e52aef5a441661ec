package containercreds_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/containercreds"
)

func TestCredentialsNeverShowTheirSecrets(t *testing.T) {
	creds := containercreds.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: secretKey, SessionToken: "session-secret"}
	const want = "credentials of AKIAEXAMPLE (never expires, secrets not shown)"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, want, fmt.Sprintf(verb, creds))
		require.Equal(t, want, fmt.Sprintf(verb, &creds))
	}
	require.Contains(t, fmt.Sprintf("%+v", struct{ C containercreds.Credentials }{creds}), want)
	require.Equal(t, want, creds.String())
	require.Equal(t, want, creds.GoString())
	encoded, err := json.Marshal(map[string]any{"c": creds})
	require.NoError(t, err)
	require.JSONEq(t, `{"c":"`+want+`"}`, string(encoded))

	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", creds)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", &creds)
	require.Equal(t, 2, strings.Count(log.String(), want))

	creds.Expires = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	require.Equal(t, "credentials of AKIAEXAMPLE (expires 2030-01-02T03:04:05Z, secrets not shown)", creds.String())
}
