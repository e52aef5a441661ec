package environment_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/environment"
)

type vars map[string]string

func find(env vars) (credentials.Provider, error) {
	return environment.Provider(environment.Config{Getenv: func(name string) string { return env[name] }, Alternative: "the other one"})
}

func TestTheFirstSourceThatTheEnvironmentAsksForDecides(t *testing.T) {
	static := func(id, secret, token string) credentials.Credentials {
		return credentials.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token}
	}
	for name, tc := range map[string]struct {
		env  vars
		keys credentials.Credentials
	}{
		"keys":                     {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"}, static("AKID", "s", "")},
		"keys and a token":         {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}, static("AKID", "s", "t")},
		"keys by older names":      {vars{"AWS_ACCESS_KEY": "AKID", "AWS_SECRET_KEY": "s"}, static("AKID", "s", "")},
		"keys by either name":      {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_KEY": "s"}, static("AKID", "s", "")},
		"keys before web identity": {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, static("AKID", "s", "")},
		"keys before a file":       {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_CONFIG_FILE": "/f"}, static("AKID", "s", "")},
		"keys before a container":  {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, static("AKID", "s", "")},
	} {
		t.Run(name, func(t *testing.T) {
			provider, err := find(tc.env)
			require.NoError(t, err)
			require.IsType(t, credentials.Static{}, provider)
			creds, err := provider.Retrieve(t.Context())
			require.NoError(t, err)
			require.Equal(t, tc.keys, creds)
		})
	}

	token := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(token, []byte("t"), 0o600))
	for name, env := range map[string]vars{
		"a container":       {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials"},
		"by its whole URI":  {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t"},
		"with a token file": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token},
	} {
		t.Run(name, func(t *testing.T) {
			provider, err := find(env)
			require.NoError(t, err)
			require.IsType(t, &container.Provider{}, provider)
		})
	}
}

func TestErrorsNameTheVariable(t *testing.T) {
	const elsewhere = ": only environment variables are read here; the other one serves this"
	for name, tc := range map[string]struct {
		env  vars
		want string
	}{
		"nothing":                      {nil, "no credentials: none of AWS_ACCESS_KEY_ID, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI is set; for profiles, SSO, roles, web identity and EC2 instances use the other one"},
		"an ID alone":                  {vars{"AWS_ACCESS_KEY_ID": "AKID"}, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both, or neither"},
		"by its older name":            {vars{"AWS_ACCESS_KEY": "AKID"}, "AWS_ACCESS_KEY is set without AWS_SECRET_ACCESS_KEY: set both, or neither"},
		"a secret alone":               {vars{"AWS_SECRET_ACCESS_KEY": "s"}, "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID: set both, or neither"},
		"a token alone":                {vars{"AWS_SESSION_TOKEN": "t"}, "AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none"},
		"a token in a container":       {vars{"AWS_SESSION_TOKEN": "t", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none"},
		"a profile":                    {vars{"AWS_PROFILE": "work"}, "AWS_PROFILE asks for a profile of the shared AWS files" + elsewhere},
		"a profile by its older name":  {vars{"AWS_DEFAULT_PROFILE": "work"}, "AWS_DEFAULT_PROFILE asks for a profile of the shared AWS files" + elsewhere},
		"a profile and keys":           {vars{"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"}, "AWS_PROFILE is set and so are access keys, and tools differ in which of them counts: unset AWS_PROFILE to use the keys, or the keys and use the other one for the profile"},
		"a shared file":                {vars{"AWS_SHARED_CREDENTIALS_FILE": "/f"}, "AWS_SHARED_CREDENTIALS_FILE asks for credentials from a shared AWS file" + elsewhere},
		"a shared file in a container": {vars{"AWS_CONFIG_FILE": "/f", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_CONFIG_FILE asks for credentials from a shared AWS file" + elsewhere},
		"a web identity":               {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn"}, "AWS_WEB_IDENTITY_TOKEN_FILE asks for the credentials of a web identity" + elsewhere},
		"a container elsewhere":        {vars{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://203.0.113.7/"}, `container credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI names the host "203.0.113.7": plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https`},
	} {
		t.Run(name, func(t *testing.T) {
			provider, err := find(tc.env)
			require.EqualError(t, err, tc.want)
			require.Nil(t, provider)
		})
	}
}
