package credentials_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
)

func secretCredentials() credentials.Credentials {
	return credentials.Credentials{
		AccessKeyID: "AKID", SecretAccessKey: "the-secret-key", SessionToken: "the-session-token",
		Expires: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func TestCredentialsNeverShowTheirSecrets(t *testing.T) {
	creds := secretCredentials()
	const want = "Credentials(AKID, secret hidden)"
	for name, value := range map[string]any{"credentials": creds, "a pointer": &creds} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				require.Equal(t, want, fmt.Sprintf(verb, value), verb)
			}
		})
	}
	require.Equal(t, want, creds.String())
}

func TestACacheShowsNoSecret(t *testing.T) {
	cache := credentials.NewCache(credentials.NewStatic(secretCredentials()))
	_, err := cache.Identity(t.Context())
	require.NoError(t, err)
	type unexported struct {
		cache  *credentials.Cache
		static credentials.Static
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, "CredentialsProvider(cached, secret hidden)", fmt.Sprintf(verb, cache))
		printed := fmt.Sprintf(verb, unexported{cache, credentials.NewStatic(secretCredentials())})
		for _, secret := range []string{"the-secret-key", "the-session-token"} {
			require.NotContains(t, printed, secret)
			require.NotContains(t, printed, fmt.Sprintf("%x", secret))
		}
	}
}

func TestCredentialsThatCannotSignAreInvalid(t *testing.T) {
	require.NoError(t, secretCredentials().Validate())
	for name, tc := range map[string]struct {
		change func(*credentials.Credentials)
		want   string
	}{
		"no ID":                {func(c *credentials.Credentials) { c.AccessKeyID = "" }, "the credentials have no access key ID"},
		"no secret":            {func(c *credentials.Credentials) { c.SecretAccessKey = "" }, "the credentials have no secret access key"},
		"a line after the ID":  {func(c *credentials.Credentials) { c.AccessKeyID += "\n" }, "the credentials hold a control character, such as a newline at the end"},
		"one after the secret": {func(c *credentials.Credentials) { c.SecretAccessKey += "\r\n" }, "the credentials hold a control character, such as a newline at the end"},
		"one after the token":  {func(c *credentials.Credentials) { c.SessionToken += "\x7f" }, "the credentials hold a control character, such as a newline at the end"},
	} {
		t.Run(name, func(t *testing.T) {
			creds := secretCredentials()
			tc.change(&creds)
			require.EqualError(t, creds.Validate(), tc.want)
			_, err := credentials.NewCache(credentials.NewStatic(creds)).Identity(t.Context())
			require.EqualError(t, err, tc.want)
		})
	}
}
