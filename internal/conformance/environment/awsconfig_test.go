package environment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/environment"
)

// With the same files and variables, a client on invoke/awsconfig makes the
// call that the SDK's Lambda client makes.
func TestAwsconfigMakesTheCallThatTheSDKMakes(t *testing.T) {
	const (
		keys     = "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=s\n[work]\naws_access_key_id=AKIDWORK\naws_secret_access_key=s\naws_session_token=t\n"
		general  = "[default]\nregion=eu-north-1\nendpoint_url=http://file.example\n"
		services = general + "services=s\n[services s]\nlambda=\n  endpoint_url=http://file-lambda.example/base\n"
	)
	region := vars{"AWS_REGION": "eu-central-1"}
	for name, c := range map[string]struct {
		config, credentials string
		env                 vars
	}{
		"the environment alone":            {"", "", with(nil)},
		"keys of the file":                 {"", keys, region},
		"a profile":                        {"[profile work]\nregion=eu-north-1\nmax_attempts=5\nsdk_ua_app_id=shop\n", keys, vars{"AWS_PROFILE": "work"}},
		"a profile and keys":               {"[profile work]\nregion=eu-north-1\n", keys, with(vars{"AWS_PROFILE": "work", "AWS_REGION": ""})},
		"half a key pair":                  {"", keys, vars{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDHALF"}},
		"FIPS and dual-stack of a profile": {"[default]\nuse_fips_endpoint=true\nuse_dualstack_endpoint=true\n", keys, region},
		"FIPS of neither":                  {"[default]\nuse_fips_endpoint=true\n", keys, vars{"AWS_REGION": "eu-central-1", "AWS_USE_FIPS_ENDPOINT": "false"}},
		"endpoint of the file":             {general, keys, nil},
		"endpoint of the file for Lambda":  {services, keys, nil},
		"endpoint of the environment":      {services, keys, vars{"AWS_ENDPOINT_URL": "http://env.example"}},
		"endpoint of the environment for Lambda": {services, keys, vars{
			"AWS_ENDPOINT_URL": "http://env.example", "AWS_ENDPOINT_URL_LAMBDA": "http://env-lambda.example",
		}},
		"endpoints ignored":             {services, keys, vars{"AWS_ENDPOINT_URL": "http://env.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}},
		"endpoints ignored by the file": {strings.Replace(services, "services=s", "services=s\nignore_configured_endpoint_urls=true", 1), keys, nil},
	} {
		t.Run(name, func(t *testing.T) {
			environment.Set(t, c.env)
			dir := filepath.Join(os.Getenv("HOME"), ".aws")
			require.NoError(t, os.Mkdir(dir, 0o700))
			for file, text := range map[string]string{"config": c.config, "credentials": c.credentials} {
				require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
			}
			want, err := environment.SDK(t.Context())
			require.NoError(t, err, "the SDK")
			got, err := environment.Awsconfig(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.NotEmpty(t, got.AccessKeyID)
		})
	}
}
