package invoke_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// setEnvironment makes vars all that the environment says about AWS.
func setEnvironment(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	for name, value := range vars {
		t.Setenv(name, value)
	}
}

// withVars returns vars with more in it.
func withVars(vars map[string]string, more ...string) map[string]string {
	all := map[string]string{}
	for name, value := range vars {
		all[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// inLambda is the environment of a function, of the parts that matter here.
var inLambda = map[string]string{
	"AWS_REGION":            "eu-central-1",
	"AWS_ACCESS_KEY_ID":     "AKID",
	"AWS_SECRET_ACCESS_KEY": "the-secret-key",
	"AWS_SESSION_TOKEN":     "the-session-token",
}

// requestKeeper is an HTTP client that keeps the last request and answers 200.
type requestKeeper struct{ request *http.Request }

func (r *requestKeeper) Do(request *http.Request) (*http.Response, error) {
	r.request = request
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

// requestFromEnv is what a client from the environment sends.
func requestFromEnv(t *testing.T, optFns ...func(*invoke.Options)) *http.Request {
	t.Helper()
	var sent requestKeeper
	client, err := invoke.NewFromEnv(t.Context(), append(optFns, func(o *invoke.Options) { o.HTTPClient = &sent })...)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	return sent.request
}

func TestNewFromEnvTakesRegionAndKeysFromTheEnvironment(t *testing.T) {
	for name, tc := range map[string]struct {
		vars                     map[string]string
		accessKey, region, token string
	}{
		"a Lambda function":             {inLambda, "AKID", "eu-central-1", "the-session-token"},
		"long-lived keys":               {withVars(inLambda, "AWS_SESSION_TOKEN", ""), "AKID", "eu-central-1", ""},
		"the default region":            {withVars(inLambda, "AWS_REGION", "", "AWS_DEFAULT_REGION", "us-west-2"), "AKID", "us-west-2", "the-session-token"},
		"the region before the default": {withVars(inLambda, "AWS_DEFAULT_REGION", "us-west-2"), "AKID", "eu-central-1", "the-session-token"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars)
			request := requestFromEnv(t)
			require.Equal(t, "lambda."+tc.region+".amazonaws.com", request.URL.Host)
			require.Contains(t, request.Header.Get("Authorization"), "Credential="+tc.accessKey+"/")
			require.Contains(t, request.Header.Get("Authorization"), "/"+tc.region+"/lambda/aws4_request")
			require.Equal(t, tc.token, request.Header.Get("X-Amz-Security-Token"))
		})
	}
}

func TestNewFromEnvTakesTheEndpointFromTheEnvironment(t *testing.T) {
	for name, tc := range map[string]struct {
		vars map[string]string
		url  string
	}{
		"none":                             {nil, "https://lambda.eu-central-1.amazonaws.com"},
		"FIPS":                             {map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, "https://lambda-fips.eu-central-1.amazonaws.com"},
		"dual-stack":                       {map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "TRUE"}, "https://lambda.eu-central-1.api.aws"},
		"both":                             {map[string]string{"AWS_USE_FIPS_ENDPOINT": "True", "AWS_USE_DUALSTACK_ENDPOINT": "true"}, "https://lambda-fips.eu-central-1.api.aws"},
		"neither in words":                 {map[string]string{"AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": "False"}, "https://lambda.eu-central-1.amazonaws.com"},
		"for all services":                 {map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566"}, "http://localhost:4566"},
		"for Lambda":                       {map[string]string{"AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:3001/base"}, "http://127.0.0.1:3001/base"},
		"for Lambda before all services":   {map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:3001"}, "http://127.0.0.1:3001"},
		"ignored":                          {map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:3001", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "https://lambda.eu-central-1.amazonaws.com"},
		"not ignored":                      {map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}, "http://localhost:4566"},
		"ignored along with what is wrong": {map[string]string{"AWS_ENDPOINT_URL": "nonsense", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "https://lambda.eu-central-1.amazonaws.com"},
		"ignored, so FIPS may be asked for": {
			map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_USE_FIPS_ENDPOINT": "true"},
			"https://lambda-fips.eu-central-1.amazonaws.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			vars := withVars(inLambda)
			for name, value := range tc.vars {
				vars[name] = value
			}
			setEnvironment(t, vars)
			require.Equal(t, tc.url+"/2015-03-31/functions/f/invocations", requestFromEnv(t).URL.String())
		})
	}
}

func TestNewFromEnvTakesAttemptsAndAppIDFromTheEnvironment(t *testing.T) {
	setEnvironment(t, withVars(inLambda, "AWS_MAX_ATTEMPTS", "7", "AWS_SDK_UA_APP_ID", "shop"))
	request := requestFromEnv(t)
	require.Equal(t, "attempt=1; max=7", request.Header.Get("Amz-Sdk-Request"))
	require.Contains(t, request.Header.Get("User-Agent"), " app/shop")
}

func TestNewFromEnvSaysWhatIsWrongAndWhereItLooked(t *testing.T) {
	const region, awsconfig = "eu-central-1", ": only environment variables are read here; module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig serves this"
	keys := withVars(inLambda, "AWS_SESSION_TOKEN", "")
	for name, tc := range map[string]struct {
		vars map[string]string
		want string
	}{
		"no region": {
			withVars(keys, "AWS_REGION", ""),
			"invoke: no region: neither AWS_REGION nor AWS_DEFAULT_REGION is set, and NewFromEnv reads no shared files; set one of them or Options.Region, or use module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig",
		},
		"no region's name": {
			withVars(keys, "AWS_REGION", "evil.example/"),
			`invoke: AWS_REGION: the region "evil.example/" is not valid: it must be one host label of letters, digits and hyphens, for example us-east-1`,
		},
		"no default region's name": {
			withVars(keys, "AWS_REGION", "", "AWS_DEFAULT_REGION", "us east 1"),
			`invoke: AWS_DEFAULT_REGION: the region "us east 1" is not valid: it must be one host label of letters, digits and hyphens, for example us-east-1`,
		},
		"no credentials": {
			map[string]string{"AWS_REGION": region},
			"invoke: no credentials: none of AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI is set; for profiles, SSO, other roles and EC2 instances use module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig",
		},
		"a profile and keys": {
			withVars(keys, "AWS_PROFILE", "work"),
			"invoke: AWS_PROFILE is set and so are access keys, and tools differ in which of them counts: unset AWS_PROFILE to use the keys, or the keys and use module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig for the profile",
		},
		"a web identity whose token, region and certificates are not there": {
			map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": "arn", "AWS_CA_BUNDLE": "/nowhere/ca.pem"},
			"invoke: no region: neither AWS_REGION nor AWS_DEFAULT_REGION is set, and NewFromEnv reads no shared files; set one of them or Options.Region, or use module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig\n" +
				"invoke: the file of certificates /nowhere/ca.pem (AWS_CA_BUNDLE) cannot be read: no such file or directory\n" +
				"invoke: web identity: the token file /nowhere/token (AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read: no such file or directory",
		},
		"FIPS yes":       {withVars(keys, "AWS_USE_FIPS_ENDPOINT", "yes"), "invoke: AWS_USE_FIPS_ENDPOINT is neither true nor false"},
		"dual-stack 1":   {withVars(keys, "AWS_USE_DUALSTACK_ENDPOINT", "1"), "invoke: AWS_USE_DUALSTACK_ENDPOINT is neither true nor false"},
		"ignore on":      {withVars(keys, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "on"), "invoke: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is neither true nor false"},
		"0 attempts":     {withVars(keys, "AWS_MAX_ATTEMPTS", "0"), "invoke: AWS_MAX_ATTEMPTS is not a whole number of attempts; 1 is the least and retries nothing"},
		"-1 attempts":    {withVars(keys, "AWS_MAX_ATTEMPTS", "-1"), "invoke: AWS_MAX_ATTEMPTS is not a whole number of attempts; 1 is the least and retries nothing"},
		"three attempts": {withVars(keys, "AWS_MAX_ATTEMPTS", "three"), "invoke: AWS_MAX_ATTEMPTS is not a whole number of attempts; 1 is the least and retries nothing"},
		"a long app ID":  {withVars(keys, "AWS_SDK_UA_APP_ID", strings.Repeat("x", 51)), "invoke: AWS_SDK_UA_APP_ID: Options.AppID has 51 bytes; the limit is 50"},
		"an endpoint without scheme": {
			withVars(keys, "AWS_ENDPOINT_URL_LAMBDA", "localhost:4566"),
			"invoke: AWS_ENDPOINT_URL_LAMBDA: the base endpoint must start with https:// or http://",
		},
		"plain http to the service": {
			withVars(keys, "AWS_ENDPOINT_URL", "http://lambda.eu-central-1.amazonaws.com"),
			"invoke: AWS_ENDPOINT_URL: the base endpoint is one of the service's own and must use https://, not http://",
		},
		"an endpoint with FIPS": {
			withVars(keys, "AWS_ENDPOINT_URL", "http://localhost:4566", "AWS_USE_FIPS_ENDPOINT", "true"),
			"invoke: AWS_ENDPOINT_URL is set and AWS_USE_FIPS_ENDPOINT is true, which exclude each other: unset one of them",
		},
		"an endpoint with dual-stack": {
			withVars(keys, "AWS_ENDPOINT_URL_LAMBDA", "http://localhost:4566", "AWS_USE_DUALSTACK_ENDPOINT", "true"),
			"invoke: AWS_ENDPOINT_URL_LAMBDA is set and AWS_USE_DUALSTACK_ENDPOINT is true, which exclude each other: unset one of them",
		},
		"certificates that are not there": {
			withVars(keys, "AWS_CA_BUNDLE", "/nowhere/ca.pem"),
			"invoke: the file of certificates /nowhere/ca.pem (AWS_CA_BUNDLE) cannot be read: no such file or directory",
		},
		"several things": {
			map[string]string{"AWS_PROFILE": "work", "AWS_MAX_ATTEMPTS": "many"},
			"invoke: no region: neither AWS_REGION nor AWS_DEFAULT_REGION is set, and NewFromEnv reads no shared files; set one of them or Options.Region, or use module github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig\n" +
				"invoke: AWS_MAX_ATTEMPTS is not a whole number of attempts; 1 is the least and retries nothing\n" +
				"invoke: AWS_PROFILE asks for a profile of the shared AWS files" + awsconfig,
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars)
			client, err := invoke.NewFromEnv(t.Context())
			require.Nil(t, client)
			require.EqualError(t, err, tc.want)
			var wrong *errors.OptionsError
			require.ErrorAs(t, err, &wrong)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
}

func TestNewFromEnvShowsNoValueOfAWrongVariable(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for _, name := range []string{
		"AWS_MAX_ATTEMPTS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_PROFILE",
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, map[string]string{"AWS_REGION": "eu-central-1", name: secret})
			_, err := invoke.NewFromEnv(t.Context())
			require.ErrorContains(t, err, name)
			require.NotContains(t, err.Error(), secret[:8])
		})
	}
}

func TestOptionsGoBeforeTheEnvironmentAndWhatIsWrongWithIt(t *testing.T) {
	wrong := map[string]string{
		"AWS_REGION": "no region", "AWS_ENDPOINT_URL": "no URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "perhaps", "AWS_MAX_ATTEMPTS": "many",
		"AWS_SDK_UA_APP_ID": strings.Repeat("x", 51), "AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "HALF", "AWS_CA_BUNDLE": "/nowhere/ca.pem",
	}
	for name, vars := range map[string]map[string]string{
		"nothing set":       nil,
		"all set":           withVars(inLambda, "AWS_ENDPOINT_URL", "http://localhost:4566", "AWS_MAX_ATTEMPTS", "9", "AWS_SDK_UA_APP_ID", "other"),
		"all wrong":         wrong,
		"a profile":         {"AWS_PROFILE": "work"},
		"an unwanted agent": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://203.0.113.7/"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, vars)
			request := requestFromEnv(t, func(o *invoke.Options) {
				o.Region = "us-west-2"
				o.Credentials = invoke.StaticCredentials("MINE", "secret", "")
				o.BaseEndpoint = "https://lambda.example.com"
				o.Retry.MaxAttempts = 2
				o.AppID = "mine"
			})
			require.Equal(t, "lambda.example.com", request.URL.Host)
			require.Contains(t, request.Header.Get("Authorization"), "Credential=MINE/")
			require.Contains(t, request.Header.Get("Authorization"), "/us-west-2/lambda/")
			require.Equal(t, "attempt=1; max=2", request.Header.Get("Amz-Sdk-Request"))
			require.Contains(t, request.Header.Get("User-Agent"), " app/mine")
		})
	}
}

func TestAnEndpointFromTheOptionsReplacesOneThatFIPSExcludes(t *testing.T) {
	setEnvironment(t, withVars(inLambda, "AWS_ENDPOINT_URL", "http://localhost:4566", "AWS_USE_FIPS_ENDPOINT", "true"))
	request := requestFromEnv(t, func(o *invoke.Options) { o.BaseEndpoint = "" })
	require.Equal(t, "lambda-fips.eu-central-1.amazonaws.com", request.URL.Host)

	request = requestFromEnv(t, func(o *invoke.Options) { o.UseFIPSEndpoint = false })
	require.Equal(t, "localhost:4566", request.URL.Host)

	_, err := invoke.NewFromEnv(t.Context(), func(o *invoke.Options) { o.BaseEndpoint = "https://lambda.example.com" })
	require.ErrorContains(t, err, "a base endpoint cannot be combined with FIPS")
}

func TestOptionsSeeWhatTheEnvironmentGave(t *testing.T) {
	setEnvironment(t, withVars(inLambda, "AWS_MAX_ATTEMPTS", "4", "AWS_USE_DUALSTACK_ENDPOINT", "true", "AWS_SDK_UA_APP_ID", "shop"))
	var seen invoke.Options
	requestFromEnv(t, func(o *invoke.Options) { seen = *o })
	require.Equal(t, "eu-central-1", seen.Region)
	require.Equal(t, 4, seen.Retry.MaxAttempts)
	require.Equal(t, "shop", seen.AppID)
	require.True(t, seen.UseDualStackEndpoint)
	require.False(t, seen.UseFIPSEndpoint)
}

func TestNewFromEnvDoesNotStartWhenItsContextHasEnded(t *testing.T) {
	setEnvironment(t, inLambda)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := invoke.NewFromEnv(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
