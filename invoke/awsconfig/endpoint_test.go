package awsconfig_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

func TestTheEndpointIsTheNearestOneForLambda(t *testing.T) {
	const (
		both    = "[default]\nendpoint_url = http://file\nservices = s\n[services s]\nlambda =\n  endpoint_url = http://file-lambda\n"
		general = "[default]\nendpoint_url = http://file\n"
	)
	inCode := config.WithBaseEndpoint("http://code")
	for name, tc := range map[string]struct {
		vars   map[string]string
		file   string
		optFns []func(*config.LoadOptions) error
		want   string
	}{
		"none":                                 {want: ""},
		"of the file":                          {file: general, want: "http://file"},
		"of the file for Lambda":               {file: both, want: "http://file-lambda"},
		"of the environment":                   {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env"}, want: "http://env"},
		"of the environment for Lambda":        {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env", "AWS_ENDPOINT_URL_LAMBDA": "http://env-lambda"}, file: both, want: "http://env-lambda"},
		"of the environment before the file's": {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env"}, file: both, want: "http://env"},
		"of another service":                   {vars: map[string]string{"AWS_ENDPOINT_URL_S3": "http://env-s3"}, want: ""},
		"ignored":                              {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env", "AWS_ENDPOINT_URL_LAMBDA": "http://env-lambda", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, file: both, want: ""},
		"in code before all":                   {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env", "AWS_ENDPOINT_URL_LAMBDA": "http://env-lambda"}, file: both, optFns: []func(*config.LoadOptions) error{inCode}, want: "http://code"},
		"in code along with the environment's": {vars: map[string]string{"AWS_ENDPOINT_URL": "http://env"}, optFns: []func(*config.LoadOptions) error{inCode}, want: "http://code"},
		"ignored by the file":                  {file: "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://file\n", want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars, tc.file, "")
			opts, err := awsconfig.Load(t.Context(), tc.optFns...)
			require.NoError(t, err)
			require.Equal(t, tc.want, opts.BaseEndpoint)
		})
	}
}

func TestAConfigMadeByHandKeepsItsEndpoint(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "http://env")
	opts := awsconfig.FromConfig(aws.Config{BaseEndpoint: aws.String("https://lambda.example.com")})
	require.Equal(t, "https://lambda.example.com", opts.BaseEndpoint)
}

func TestFIPSAndDualStackComeFromTheNearestSource(t *testing.T) {
	const file = "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n"
	for name, tc := range map[string]struct {
		vars            map[string]string
		file            string
		optFns          []func(*config.LoadOptions) error
		fips, dualStack bool
	}{
		"nowhere":         {},
		"the file":        {file: file, fips: true, dualStack: true},
		"the environment": {vars: map[string]string{"AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": "true"}, file: file, dualStack: true},
		"code": {
			vars: map[string]string{"AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
			optFns: []func(*config.LoadOptions) error{
				config.WithUseFIPSEndpoint(aws.FIPSEndpointStateEnabled), config.WithUseDualStackEndpoint(aws.DualStackEndpointStateDisabled),
			},
			fips: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars, tc.file, "")
			opts, err := awsconfig.Load(t.Context(), tc.optFns...)
			require.NoError(t, err)
			require.Equal(t, tc.fips, opts.UseFIPSEndpoint)
			require.Equal(t, tc.dualStack, opts.UseDualStackEndpoint)
		})
	}
}
