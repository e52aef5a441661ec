package environment_test

import (
	"context"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/environment"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
)

const (
	role            = "arn:aws:iam::123456789012:role/r"
	roleCredentials = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>` +
		`<AssumedRoleUser><AssumedRoleId>AROA:n</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/n</Arn></AssumedRoleUser><Credentials>` +
		`<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>t&amp;t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>` +
		`</Credentials></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`
)

// stsRequest is what a token service is sent, less what each client says of itself.
type stsRequest struct {
	Method, URI, ContentType, Authorization string
	Form                                    url.Values
}

// journal keeps requests.
type journal struct {
	mu       sync.Mutex
	requests []stsRequest
}

func (j *journal) take() []stsRequest {
	j.mu.Lock()
	defer j.mu.Unlock()
	taken := j.requests
	j.requests = nil
	return taken
}

// tokenService answers every request in the same way.
func tokenService(t *testing.T, status int, body string, j *journal) (url string) {
	server := httptest.NewServer(stsHandler(status, body, j))
	t.Cleanup(server.Close)
	return server.URL
}

func stsHandler(status int, body string, j *journal) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if j != nil {
			_ = r.ParseForm()
			j.mu.Lock()
			j.requests = append(j.requests, stsRequest{r.Method, r.RequestURI, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), r.PostForm})
			j.mu.Unlock()
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func tokenFile(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("a.b+c/d=\n"), 0o600))
	return file
}

func TestAWebIdentityIsExchangedAsTheSDKExchangesIt(t *testing.T) {
	var j journal
	sts := tokenService(t, 200, roleCredentials, &j)
	nowhere := tokenService(t, 500, "", nil)
	base := vars{"AWS_REGION": "eu-central-1", "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile(t), "AWS_ROLE_SESSION_NAME": "a name"}
	for name, env := range map[string]vars{
		"endpoint of STS":          {"AWS_ENDPOINT_URL_STS": sts},
		"not that of all services": {"AWS_ENDPOINT_URL_STS": sts, "AWS_ENDPOINT_URL": nowhere, "AWS_ENDPOINT_URL_LAMBDA": nowhere},
		"with a path":              {"AWS_ENDPOINT_URL_STS": sts + "/a/b%2Fc"},
		"before a container":       {"AWS_ENDPOINT_URL_STS": sts, "AWS_CONTAINER_CREDENTIALS_FULL_URI": nowhere},
		"before a shared file":     {"AWS_ENDPOINT_URL_STS": sts, "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"},
		"a session without a name": {"AWS_ENDPOINT_URL_STS": sts, "AWS_ROLE_SESSION_NAME": ""},
		"a name of odd characters": {"AWS_ENDPOINT_URL_STS": sts, "AWS_ROLE_SESSION_NAME": "a&b=c é"},
		"another role":             {"AWS_ENDPOINT_URL_STS": sts, "AWS_ROLE_ARN": "arn:aws-cn:iam::1:role/a+b"},
	} {
		t.Run(name, func(t *testing.T) {
			all := maps.Clone(base)
			maps.Copy(all, env)
			environment.Set(t, all)
			sdk, err := environment.SDK(t.Context())
			require.NoError(t, err, "the SDK")
			want := j.take()
			ours, err := environment.Ours(t.Context())
			require.NoError(t, err)
			got := j.take()
			require.Equal(t, sdk, ours)
			require.Equal(t, "AKIDROLE", ours.AccessKeyID)
			require.Equal(t, "t&t", ours.Token)
			require.Len(t, want, 1)
			require.Len(t, got, 1)
			if env["AWS_ROLE_SESSION_NAME"] == "" && all["AWS_ROLE_SESSION_NAME"] == "" { // each takes the time
				for _, request := range []stsRequest{want[0], got[0]} {
					require.Regexp(t, `^\d{19}$`, request.Form.Get("RoleSessionName"))
					request.Form.Del("RoleSessionName")
				}
			}
			require.Equal(t, want, got)
		})
	}
}

func TestTheCertificatesOfTheEnvironmentAreTrustedForAWebIdentityToo(t *testing.T) {
	server := httptest.NewTLSServer(stsHandler(200, roleCredentials, nil))
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(bundle, certificate, 0o600))
	environment.Set(t, vars{
		"AWS_REGION": "eu-central-1", "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile(t),
		"AWS_ENDPOINT_URL_STS": server.URL, "AWS_CA_BUNDLE": bundle,
	})
	require.Equal(t, "AKIDROLE", requireEqualCalls(t).AccessKeyID)
}

func TestAnswersToAWebIdentityAreReadAsTheSDKReadsThem(t *testing.T) {
	refusal := func(code string) string {
		return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code + `</Code><Message>a &lt;message&gt;</Message></Error><RequestId>id</RequestId></ErrorResponse>`
	}
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"credentials":               {200, roleCredentials},
		"with a declaration":        {200, `<?xml version="1.0"?>` + "\n" + roleCredentials},
		"denied":                    {403, refusal("AccessDenied")},
		"expired":                   {400, refusal("ExpiredTokenException")},
		"a region that is off":      {403, refusal("RegionDisabledException")},
		"a key that STS lacks":      {400, refusal("InvalidIdentityToken")},
		"a claim that is refused":   {403, refusal("IDPRejectedClaim")},
		"a provider that is away":   {400, refusal("IDPCommunicationError")},
		"throttled":                 {400, refusal("Throttling")},
		"throttled by another name": {400, refusal("ThrottlingException")},
		"too many requests":         {400, refusal("RequestLimitExceeded")},
		"out of order":              {500, refusal("InternalFailure")},
		"not available":             {503, refusal("ServiceUnavailable")},
		"invalid":                   {400, refusal("ValidationError")},
		"a success cut off":         {200, roleCredentials[:300]},
		"empty":                     {200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			environment.Set(t, vars{
				"AWS_REGION": "eu-central-1", "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile(t),
				"AWS_ENDPOINT_URL_STS": tokenService(t, c.status, c.body, &j),
			})
			ask := func(from func(context.Context) (credentials.Credentials, error)) (creds credentials.Credentials, code, message string, requests int, err error) {
				creds, err = from(t.Context())
				var api smithy.APIError
				if c.status != http.StatusOK {
					require.ErrorAs(t, err, &api)
					code, message = api.ErrorCode(), api.ErrorMessage()
				}
				return creds, code, message, len(j.take()), err
			}
			want, wantCode, wantMessage, wantRequests, wantErr := ask(environment.SDKCredentials)
			got, code, message, requests, err := ask(environment.OurCredentials)
			require.Equal(t, wantErr == nil, err == nil, "the SDK: %v; ours: %v", wantErr, err)
			require.Equal(t, want, got)
			require.Equal(t, wantCode, code)
			require.Equal(t, wantMessage, message)
			require.Equal(t, wantRequests, requests)
		})
	}
}

func TestAWebIdentityThatIsNotCompleteIsAnErrorAsInTheSDK(t *testing.T) {
	sts := tokenService(t, 200, roleCredentials, nil)
	for name, env := range map[string]vars{
		"no role":               {"AWS_REGION": "eu-central-1", "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile(t), "AWS_ENDPOINT_URL_STS": sts},
		"no file":               {"AWS_REGION": "eu-central-1", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": role, "AWS_ENDPOINT_URL_STS": sts},
		"endpoint and FIPS":     {"AWS_REGION": "eu-central-1", "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile(t), "AWS_ROLE_ARN": role, "AWS_ENDPOINT_URL_STS": sts, "AWS_USE_FIPS_ENDPOINT": "true"},
		"a role without a file": {"AWS_REGION": "eu-central-1", "AWS_ROLE_ARN": role, "AWS_ENDPOINT_URL_STS": sts},
	} {
		t.Run(name, func(t *testing.T) {
			environment.Set(t, env)
			_, err := environment.SDK(t.Context())
			require.Error(t, err, "the SDK")
			_, err = environment.Ours(t.Context())
			require.Error(t, err)
		})
	}
}
