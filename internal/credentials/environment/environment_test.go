package environment_test

import (
	"context"
	"crypto/x509"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/environment"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/webidentity"
)

type vars map[string]string

func find(env vars) (credentials.Provider, error) {
	return environment.Provider(environment.Config{
		Getenv:       func(name string) string { return env[name] },
		Alternative:  "the other one",
		Region:       "us-west-2",
		UseFIPS:      env["FIPS"] != "",
		UseDualStack: env["DUALSTACK"] != "",
		RootCAs:      func() *x509.CertPool { return nil },
	})
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
		"new names before older":   {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ACCESS_KEY": "OLD", "AWS_SECRET_KEY": "old"}, static("AKID", "s", "")},
		"keys by either name":      {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_KEY": "s"}, static("AKID", "s", "")},
		"keys before web identity": {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn"}, static("AKID", "s", "")},
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

func TestAWebIdentityIsShownToTheEndpointOfTheEnvironment(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(token, []byte("t"), 0o600))
	for name, tc := range map[string]struct {
		env  vars
		host string
	}{
		"of the region":              {nil, "sts.us-west-2.amazonaws.com"},
		"FIPS":                       {vars{"FIPS": "true"}, "sts-fips.us-west-2.amazonaws.com"},
		"dual-stack":                 {vars{"DUALSTACK": "true"}, "sts.us-west-2.api.aws"},
		"not that of all services":   {vars{"AWS_ENDPOINT_URL": "https://all.test"}, "sts.us-west-2.amazonaws.com"},
		"of STS":                     {vars{"AWS_ENDPOINT_URL": "https://all.test", "AWS_ENDPOINT_URL_STS": "https://sts.test:1"}, "sts.test:1"},
		"not that of Lambda":         {vars{"AWS_ENDPOINT_URL_LAMBDA": "https://lambda.test"}, "sts.us-west-2.amazonaws.com"},
		"configured ones ignored":    {vars{"AWS_ENDPOINT_URL": "https://all.test", "AWS_ENDPOINT_URL_STS": "nonsense", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"}, "sts.us-west-2.amazonaws.com"},
		"before a shared file":       {vars{"AWS_CONFIG_FILE": "/f"}, "sts.us-west-2.amazonaws.com"},
		"before a container":         {vars{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "sts.us-west-2.amazonaws.com"},
		"with a name of the session": {vars{"AWS_ROLE_SESSION_NAME": "n"}, "sts.us-west-2.amazonaws.com"},
	} {
		t.Run(name, func(t *testing.T) {
			env := vars{"AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r"}
			maps.Copy(env, tc.env)
			provider, err := find(env)
			require.NoError(t, err)
			require.IsType(t, &webidentity.Provider{}, provider)
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = provider.Retrieve(ended)
			require.EqualError(t, err, "web identity, role arn:aws:iam::123456789012:role/r (AWS_ROLE_ARN) from "+tc.host+": context canceled")
		})
	}
	_, err := find(vars{"AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn", "AWS_ENDPOINT_URL_STS": "https://sts.test", "FIPS": "true"})
	require.ErrorContains(t, err, "web identity: AWS_ENDPOINT_URL_STS: a base endpoint cannot be combined with FIPS")
}

func TestErrorsNameTheVariable(t *testing.T) {
	const elsewhere = ": only environment variables are read here; the other one serves this"
	for name, tc := range map[string]struct {
		env  vars
		want string
	}{
		"nothing":                      {nil, "no credentials: none of AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI is set; for profiles, SSO, other roles and EC2 instances use the other one"},
		"an ID alone":                  {vars{"AWS_ACCESS_KEY_ID": "AKID"}, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both, or neither"},
		"by its older name":            {vars{"AWS_ACCESS_KEY": "AKID"}, "AWS_ACCESS_KEY is set without AWS_SECRET_ACCESS_KEY: set both, or neither"},
		"an ID and a container":        {vars{"AWS_ACCESS_KEY_ID": "AKID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both, or neither"},
		"a secret alone":               {vars{"AWS_SECRET_ACCESS_KEY": "s"}, "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID: set both, or neither"},
		"a token alone":                {vars{"AWS_SESSION_TOKEN": "t"}, "AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none"},
		"a token in a container":       {vars{"AWS_SESSION_TOKEN": "t", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none"},
		"a profile":                    {vars{"AWS_PROFILE": "work"}, "AWS_PROFILE asks for a profile of the shared AWS files" + elsewhere},
		"a profile by its older name":  {vars{"AWS_DEFAULT_PROFILE": "work"}, "AWS_DEFAULT_PROFILE asks for a profile of the shared AWS files" + elsewhere},
		"a profile and a container":    {vars{"AWS_PROFILE": "work", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_PROFILE asks for a profile of the shared AWS files" + elsewhere},
		"a profile and keys":           {vars{"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"}, "AWS_PROFILE is set and so are access keys, and tools differ in which of them counts: unset AWS_PROFILE to use the keys, or the keys and use the other one for the profile"},
		"a shared file":                {vars{"AWS_SHARED_CREDENTIALS_FILE": "/f"}, "AWS_SHARED_CREDENTIALS_FILE asks for credentials from a shared AWS file" + elsewhere},
		"a shared file in a container": {vars{"AWS_CONFIG_FILE": "/f", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/"}, "AWS_CONFIG_FILE asks for credentials from a shared AWS file" + elsewhere},
		"a web identity and a profile": {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn", "AWS_PROFILE": "work"}, "AWS_PROFILE is set and so is AWS_WEB_IDENTITY_TOKEN_FILE, and tools differ in which of them counts: unset AWS_PROFILE to use the web identity, or the web identity and use the other one for the profile"},
		"a web identity without role":  {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN: set both, or neither"},
		"and with a container":         {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"}, "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN: set both, or neither"},
		"a token that is not there":    {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/t", "AWS_ROLE_ARN": "arn"}, "web identity: the token file /nowhere/t (AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read: no such file or directory"},
		"an endpoint that is no URL":   {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn", "AWS_ENDPOINT_URL_STS": "localhost"}, "web identity: AWS_ENDPOINT_URL_STS: the base endpoint must start with https:// or http://"},
		"plain http to the service":    {vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn", "AWS_ENDPOINT_URL_STS": "http://sts.amazonaws.com"}, "web identity: AWS_ENDPOINT_URL_STS: the base endpoint is one of the service's own and must use https://, not http://"},
		"a container's missing token":  {vars{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/t"}, "container credentials: the authorization token file /nowhere/t (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read: no such file or directory"},
		"a container elsewhere":        {vars{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://203.0.113.7/"}, `container credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI names the host "203.0.113.7": plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https`},
	} {
		t.Run(name, func(t *testing.T) {
			provider, err := find(tc.env)
			require.EqualError(t, err, tc.want)
			require.Nil(t, provider)
		})
	}
}
