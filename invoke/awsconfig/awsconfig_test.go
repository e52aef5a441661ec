package awsconfig_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

// setEnvironment makes vars all that the environment says about AWS, and files
// with the given contents the shared ones.
func setEnvironment(t *testing.T, vars map[string]string, configFile, credentialsFile string) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			os.Unsetenv(name) // to this SDK, empty is not always unset
		}
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"AWS_CONFIG_FILE": configFile, "AWS_SHARED_CREDENTIALS_FILE": credentialsFile} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		t.Setenv(name, file)
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for name, value := range vars {
		t.Setenv(name, value)
	}
}

// staticProvider is a provider of the SDK's with fixed credentials.
func staticProvider() aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret", SessionToken: "token"}, nil
	})
}

// keep is an HTTP client that keeps the last request and answers 200 with a
// request ID.
type keep struct{ request *http.Request }

func (k *keep) Do(request *http.Request) (*http.Response, error) {
	k.request = request
	return &http.Response{
		StatusCode: 200,
		Header: http.Header{
			"X-Amzn-Requestid": {"the-request-id"},
			"Content-Type":     {"application/vnd.amazon.eventstream"}, // for the operation that looks at it
		},
		Body: http.NoBody,
	}, nil
}

const profiles = `
[default]
region = eu-west-1

[profile work]
region = eu-central-1
use_dualstack_endpoint = true
max_attempts = 6
sdk_ua_app_id = shop

[profile emulator]
region = us-east-1
services = local

[services local]
lambda =
  endpoint_url = http://localhost:3001
`

const secrets = `
[default]
aws_access_key_id = DEFAULT
aws_secret_access_key = default-secret

[work]
aws_access_key_id = WORK
aws_secret_access_key = work-secret
aws_session_token = work-token

[emulator]
aws_access_key_id = EMULATOR
aws_secret_access_key = emulator-secret
`

func TestLoadCarriesAProfileOver(t *testing.T) {
	for name, tc := range map[string]struct {
		vars   map[string]string
		optFns []func(*config.LoadOptions) error
	}{
		"named by the environment": {vars: map[string]string{"AWS_PROFILE": "work"}},
		"named by an option":       {optFns: []func(*config.LoadOptions) error{config.WithSharedConfigProfile("work")}},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars, profiles, secrets)
			opts, err := awsconfig.Load(t.Context(), tc.optFns...)
			require.NoError(t, err)
			require.Equal(t, "eu-central-1", opts.Region)
			require.True(t, opts.UseDualStackEndpoint)
			require.False(t, opts.UseFIPSEndpoint)
			require.Equal(t, 6, opts.Retry.MaxAttempts)
			require.Equal(t, "shop", opts.AppID)
			require.Empty(t, opts.BaseEndpoint)
			require.Nil(t, opts.HTTPClient)

			var sent keep
			client, err := invoke.New(opts, func(o *invoke.Options) { o.HTTPClient = &sent })
			require.NoError(t, err)
			_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Equal(t, "lambda.eu-central-1.api.aws", sent.request.URL.Host)
			require.Contains(t, sent.request.Header.Get("Authorization"), "Credential=WORK/")
			require.Equal(t, "work-token", sent.request.Header.Get("X-Amz-Security-Token"))
			require.Contains(t, sent.request.Header.Get("User-Agent"), " app/shop")
		})
	}
}

func TestLoadReportsAProfileThatDoesNotExist(t *testing.T) {
	setEnvironment(t, map[string]string{"AWS_PROFILE": "nobody"}, profiles, secrets)
	_, err := awsconfig.Load(t.Context())
	require.ErrorContains(t, err, "awsconfig: ")
	require.ErrorContains(t, err, "nobody")
}

func TestARegionThatIsMissingIsRefusedByNewWithAWayOut(t *testing.T) {
	const wayOut = " has none, and neither AWS_REGION nor AWS_DEFAULT_REGION is set: set one of the three or Options.Region; " +
		"on EC2, give awsconfig.Load the option config.WithEC2IMDSRegion()"
	const noRegion = "[default]\noutput = json\n[profile work]\noutput = json\n"
	for name, tc := range map[string]struct {
		vars   map[string]string
		file   string
		optFns []func(*config.LoadOptions) error
		want   string
	}{
		"the default profile":  {file: noRegion, want: `profile "default"`},
		"a profile by name":    {file: noRegion, vars: map[string]string{"AWS_PROFILE": "work"}, want: `profile "work"`},
		"a profile by option":  {file: noRegion, optFns: []func(*config.LoadOptions) error{config.WithSharedConfigProfile("work")}, want: `profile "work"`},
		"no profile in a file": {want: `profile "default"`},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars, tc.file, secrets)
			opts, err := awsconfig.Load(t.Context(), tc.optFns...)
			require.NoError(t, err)
			_, err = invoke.New(opts)
			require.EqualError(t, err, "invoke: Options.Region is empty; "+tc.want+wayOut)

			_, err = invoke.New(opts, func(o *invoke.Options) { o.Region = "us-east-1" })
			require.NoError(t, err)
		})
	}
	_, err := invoke.New(awsconfig.FromConfig(aws.Config{Credentials: staticProvider()}))
	require.EqualError(t, err, "invoke: Options.Region is empty; the profile"+wayOut)
}

func TestAConfigWithoutCredentialsIsRefusedByNew(t *testing.T) {
	_, err := invoke.New(awsconfig.FromConfig(aws.Config{Region: "us-east-1"}))
	require.ErrorContains(t, err, "Credentials is nil")
}

func TestANilContextIsAnError(t *testing.T) {
	var none context.Context
	_, err := awsconfig.Load(none)
	require.ErrorContains(t, err, "the context is nil")
}
