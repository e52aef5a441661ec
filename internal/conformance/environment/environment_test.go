package environment_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/environment"
)

type vars = map[string]string

// with is a complete environment with some variables more, or others.
func with(more vars) vars {
	all := vars{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret"}
	maps.Copy(all, more)
	return all
}

func TestTheEnvironmentIsReadAsTheSDKReadsIt(t *testing.T) {
	for name, env := range map[string]vars{
		"region and keys":          with(nil),
		"default region":           with(vars{"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-west-2"}),
		"region before default":    with(vars{"AWS_DEFAULT_REGION": "us-west-2"}),
		"session token":            with(vars{"AWS_SESSION_TOKEN": "token"}),
		"older names of the keys":  {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY": "AKIDOLD", "AWS_SECRET_KEY": "secret"},
		"endpoint":                 with(vars{"AWS_ENDPOINT_URL": "http://localhost:4566"}),
		"endpoint of the service":  with(vars{"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_ENDPOINT_URL_LAMBDA": "http://localhost:3002/base"}),
		"endpoint ignored":         with(vars{"AWS_ENDPOINT_URL_LAMBDA": "http://localhost:3002", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}),
		"endpoint not ignored":     with(vars{"AWS_ENDPOINT_URL_LAMBDA": "http://localhost:3002", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}),
		"FIPS":                     with(vars{"AWS_USE_FIPS_ENDPOINT": "true"}),
		"FIPS in capitals":         with(vars{"AWS_USE_FIPS_ENDPOINT": "TRUE"}),
		"no FIPS":                  with(vars{"AWS_USE_FIPS_ENDPOINT": "false"}),
		"dual-stack":               with(vars{"AWS_USE_DUALSTACK_ENDPOINT": "true"}),
		"FIPS and dual-stack":      with(vars{"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
		"another partition":        with(vars{"AWS_REGION": "cn-north-1"}),
		"attempts":                 with(vars{"AWS_MAX_ATTEMPTS": "7"}),
		"one attempt":              with(vars{"AWS_MAX_ATTEMPTS": "1"}),
		"app ID":                   with(vars{"AWS_SDK_UA_APP_ID": "billing"}),
		"keys before a container":  with(vars{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/never-asked"}),
		"keys before web identity": with(vars{"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r"}),
		"a function's environment": with(vars{"AWS_SESSION_TOKEN": "t", "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_EXECUTION_ENV": "AWS_Lambda_go"}),
		"endpoint with a last /":   with(vars{"AWS_ENDPOINT_URL": "http://localhost:4566/"}),
		"empty variables":          with(vars{"AWS_SESSION_TOKEN": "", "AWS_ENDPOINT_URL": "", "AWS_USE_FIPS_ENDPOINT": "", "AWS_MAX_ATTEMPTS": "", "AWS_PROFILE": ""}),
	} {
		t.Run(name, func(t *testing.T) {
			environment.Set(t, env)
			requireEqualCalls(t)
		})
	}
}

func TestContainerCredentialsAreFetchedAsTheSDKFetchesThem(t *testing.T) {
	container := func(t *testing.T, authorization string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/creds" || r.Header.Get("Authorization") != authorization {
				http.Error(w, `{"code":"AccessDenied","message":"m"}`, http.StatusForbidden)
				return
			}
			_, _ = w.Write([]byte(`{"AccessKeyId":"AKIDCONTAINER","SecretAccessKey":"secret","Token":"container-token","Expiration":"2099-01-01T00:00:00Z"}`))
		}))
		t.Cleanup(server.Close)
		return server.URL + "/creds"
	}
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("token-of-the-file"), 0o600))

	for name, c := range map[string]struct {
		authorization string
		env           vars
	}{
		"without a token":       {"", nil},
		"token":                 {"Basic abc", vars{"AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}},
		"token file":            {"token-of-the-file", vars{"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file}},
		"token file, not token": {"token-of-the-file", vars{"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			env := vars{"AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": container(t, c.authorization)}
			maps.Copy(env, c.env)
			environment.Set(t, env)
			require.Equal(t, "AKIDCONTAINER", requireEqualCalls(t).AccessKeyID)
		})
	}
}

func TestWhatCannotBeResolvedIsAnErrorAsInTheSDK(t *testing.T) {
	for name, env := range map[string]vars{
		"no region":                     with(vars{"AWS_REGION": ""}),
		"no credentials":                {"AWS_REGION": "eu-central-1"},
		"key without a secret":          {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDENV"},
		"secret without a key":          {"AWS_REGION": "eu-central-1", "AWS_SECRET_ACCESS_KEY": "secret"},
		"endpoint and FIPS":             with(vars{"AWS_ENDPOINT_URL": "http://localhost:1", "AWS_USE_FIPS_ENDPOINT": "true"}),
		"endpoint and dual-stack":       with(vars{"AWS_ENDPOINT_URL": "http://localhost:1", "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
		"no boolean":                    with(vars{"AWS_USE_FIPS_ENDPOINT": "maybe"}),
		"attempts that are no number":   with(vars{"AWS_MAX_ATTEMPTS": "many"}),
		"profile that is not there":     {"AWS_REGION": "eu-central-1", "AWS_PROFILE": "missing"},
		"container at a public address": {"AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://203.0.113.7/creds"},
		"unreadable token file":         {"AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/token"},
	} {
		t.Run(name, func(t *testing.T) {
			environment.Set(t, env)
			_, err := environment.SDK(t.Context())
			require.Error(t, err, "the SDK")
			_, err = environment.Ours(t.Context())
			require.Error(t, err)
			require.NotContains(t, err.Error(), "secret\"")
		})
	}
}

// Each of these resolves in the SDK, from files that this client does not read. It says so instead of looking elsewhere.
func TestWhatLiesInSharedFilesIsLeftToAwsconfig(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		env        vars
		named      string
	}{
		"profile by name": {
			"credentials", "[work]\naws_access_key_id=AKIDFILE\naws_secret_access_key=s\n",
			vars{"AWS_REGION": "eu-central-1", "AWS_PROFILE": "work"}, "AWS_PROFILE",
		},
		"default profile": {
			"credentials", "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=s\n",
			vars{"AWS_REGION": "eu-central-1"}, "awsconfig",
		},
		"region of a profile": {
			"config", "[default]\nregion=eu-north-1\n",
			vars{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret"}, "AWS_REGION",
		},
		"profile and keys": {
			"config", "[profile work]\nregion=eu-north-1\n",
			with(vars{"AWS_PROFILE": "work"}), "AWS_PROFILE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			environment.Set(t, c.env)
			dir := filepath.Join(os.Getenv("HOME"), ".aws")
			require.NoError(t, os.Mkdir(dir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o600))

			_, err := environment.SDK(t.Context())
			require.NoError(t, err, "the SDK")
			_, err = environment.Ours(t.Context())
			require.ErrorContains(t, err, c.named)
			require.ErrorContains(t, err, "awsconfig")
		})
	}
}

// An application ID ends up in a header whose words are divided by spaces.
func TestAnAppIDThatIsTooLongIsRefused(t *testing.T) {
	environment.Set(t, with(vars{"AWS_SDK_UA_APP_ID": strings.Repeat("a", 51)}))
	_, err := environment.SDK(t.Context())
	require.NoError(t, err, "the SDK")
	_, err = environment.Ours(t.Context())
	require.ErrorContains(t, err, "AWS_SDK_UA_APP_ID")
}

func requireEqualCalls(t *testing.T) environment.Call {
	t.Helper()
	want, err := environment.SDK(t.Context())
	require.NoError(t, err, "the SDK")
	got, err := environment.Ours(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NotEmpty(t, got.URL)
	require.NotEmpty(t, got.AccessKeyID)
	return got
}
