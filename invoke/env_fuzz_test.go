package invoke_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Whatever the environment holds, it makes a client or an error, and the error
// tells neither the secret nor a password.
func FuzzNewFromEnvNeverPanicsNorShowsASecret(f *testing.F) {
	f.Add("eu-central-1", "AKID", "http://localhost:4566/base", "true", "3", "shop")
	f.Add("fips-us-east-1", "", "https://user:hunter2-password@host/?q#f", "FALSE", "-1", "a b")
	f.Add("..", "A/B", "http://[::1%25eth0]:99999", "1", "9999999999999999999999", strings.Repeat("x", 51))
	f.Fuzz(func(t *testing.T, region, key, url, boolean, attempts, app string) {
		if strings.ContainsRune(region+key+url+boolean+attempts+app, 0) {
			return // cannot be in an environment
		}
		setEnvironment(t, map[string]string{
			"AWS_REGION": region, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "the-secret-key", "AWS_ENDPOINT_URL": url,
			"AWS_USE_FIPS_ENDPOINT": boolean, "AWS_MAX_ATTEMPTS": attempts, "AWS_SDK_UA_APP_ID": app,
		})
		client, err := invoke.NewFromEnv(t.Context())
		if err != nil {
			require.Nil(t, client)
			require.True(t, strings.HasPrefix(err.Error(), "invoke: "), err)
			require.NotContains(t, err.Error(), "the-secret-key")
			require.NotContains(t, err.Error(), "hunter2-password")
			return
		}
		require.NotNil(t, client)
	})
}
