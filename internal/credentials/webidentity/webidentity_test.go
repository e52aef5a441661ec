package webidentity_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/webidentity"
	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

const (
	role        = "arn:aws:iam::123456789012:role/r"
	secretToken = "eyJhbGciOiJSUzI1NiJ9.very.secret"
	success     = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser><AssumedRoleId>AROA:n</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/n</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAROLE</AccessKeyId>
      <SecretAccessKey>very-secret-key</SecretAccessKey>
      <SessionToken>secret-session</SessionToken>
      <Expiration>2030-01-02T03:04:05Z</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`
)

func refusal(code, message string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code + `</Code><Message>` + message + `</Message></Error><RequestId>id</RequestId></ErrorResponse>`
}

func tokenFile(t testing.TB, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

// clientFunc is an HTTP client without a network.
type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func answers(status int, body string) clientFunc {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func config(t testing.TB, client clientFunc) webidentity.Config {
	return webidentity.Config{
		RoleARN: role, SessionName: "n", TokenFile: tokenFile(t, secretToken), HTTPClient: client,
		Endpoint: endpoint.Endpoint{Scheme: "https", Host: "sts.eu-central-1.amazonaws.com"},
	}
}

func retrieve(t testing.TB, cfg webidentity.Config) (credentials.Credentials, error) {
	t.Helper()
	p, err := webidentity.New(cfg)
	require.NoError(t, err)
	creds, err := p.Retrieve(t.Context())
	for _, shown := range []string{fmt.Sprint(err), fmt.Sprintf("%+v %#v", p, p)} {
		for _, secret := range []string{secretToken, "very-secret-key", "secret-session"} {
			require.NotContains(t, shown, secret)
		}
	}
	return creds, err
}

func TestRetrieveAsksSTS(t *testing.T) {
	type request struct {
		method, path, contentType, authorization string
		form                                     url.Values
	}
	got := make(chan request, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got <- request{r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), r.PostForm}
		_, _ = io.WriteString(w, success)
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for base, path := range map[string]string{"": "/", "/base": "/base"} {
		creds, err := retrieve(t, webidentity.Config{
			RoleARN: role, SessionName: "a name", TokenFile: tokenFile(t, secretToken+"\n"), RootCAs: roots,
			Endpoint: endpoint.Endpoint{Scheme: "https", Host: server.Listener.Addr().String(), RawBasePath: base},
		})
		require.NoError(t, err)
		require.Equal(t, credentials.Credentials{
			AccessKeyID: "ASIAROLE", SecretAccessKey: "very-secret-key", SessionToken: "secret-session",
			Expires: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		}, creds)
		require.Equal(t, request{"POST", path, "application/x-www-form-urlencoded", "", url.Values{
			"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {role},
			"RoleSessionName": {"a name"}, "WebIdentityToken": {secretToken + "\n"},
		}}, <-got)
	}
}

func TestEachRetrievalReadsTheTokenAndNamesASession(t *testing.T) {
	var forms []url.Values
	cfg := config(t, func(r *http.Request) (*http.Response, error) {
		require.NoError(t, r.ParseForm())
		forms = append(forms, r.PostForm)
		return answers(200, success)(r)
	})
	cfg.SessionName = ""
	p, err := webidentity.New(cfg)
	require.NoError(t, err)
	for _, token := range []string{"first", "second"} {
		require.NoError(t, os.WriteFile(cfg.TokenFile, []byte(token), 0o600))
		_, err := p.Retrieve(t.Context())
		require.NoError(t, err)
		last := forms[len(forms)-1]
		require.Equal(t, token, last.Get("WebIdentityToken"))
		require.Regexp(t, `^\d{19}$`, last.Get("RoleSessionName"))
	}
}

func TestNewNeedsARoleAndAToken(t *testing.T) {
	_, err := webidentity.New(webidentity.Config{TokenFile: "/token"})
	require.EqualError(t, err, "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN: set both, or neither")
	_, err = webidentity.New(webidentity.Config{RoleARN: role, TokenFile: "/nowhere/token"})
	require.EqualError(t, err, "web identity: the token file /nowhere/token (AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read: no such file or directory")

	for name, tc := range map[string]struct{ content, want string }{
		"empty":     {"", "is empty"},
		"too large": {strings.Repeat("x", 64<<10+1), "is larger than 64 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t, func(*http.Request) (*http.Response, error) {
				require.Fail(t, "it is not asked")
				return nil, errors.ErrUnsupported
			})
			cfg.TokenFile = tokenFile(t, tc.content)
			_, err := retrieve(t, cfg)
			require.EqualError(t, err, "web identity: the token file "+cfg.TokenFile+" (AWS_WEB_IDENTITY_TOKEN_FILE) "+tc.want)
		})
	}
}

const source = "web identity, role " + role + " (AWS_ROLE_ARN) from sts.eu-central-1.amazonaws.com: "

func TestAnswersThatHoldNoCredentials(t *testing.T) {
	for name, tc := range map[string]struct {
		status   int
		body     string
		want     string
		attempts int
		code     string // of a refusal
		fault    smithy.ErrorFault
	}{
		"denied":                     {403, refusal("AccessDenied", "Not authorized"), "status 403: AccessDenied: Not authorized", 1, "AccessDenied", smithy.FaultClient},
		"expired":                    {400, refusal("ExpiredTokenException", "Token expired: &lt;now&gt;"), "status 400: ExpiredTokenException: Token expired: <now>", 1, "ExpiredTokenException", smithy.FaultClient},
		"a new key of the provider":  {400, refusal("InvalidIdentityToken", "No key"), "status 400: InvalidIdentityToken: No key", 3, "InvalidIdentityToken", smithy.FaultClient},
		"the provider is away":       {400, refusal("IDPCommunicationError", "away"), "status 400: IDPCommunicationError: away", 3, "IDPCommunicationError", smithy.FaultClient},
		"throttled":                  {400, refusal("Throttling", "Rate exceeded"), "status 400: Throttling: Rate exceeded", 3, "Throttling", smithy.FaultClient},
		"out of order":               {503, "<html>", "status 503", 3, "UnknownError", smithy.FaultServer},
		"a proxy's page":             {407, "<html><p>no", "status 407", 1, "UnknownError", smithy.FaultClient},
		"a redirect":                 {307, "", "status 307", 1, "UnknownError", smithy.FaultUnknown},
		"the token in the message":   {400, refusal("X Y", "bad "+secretToken+"\r\nX: y"), "status 400: X Y: bad [redacted]  X: y", 1, "UnknownError", smithy.FaultClient},
		"empty":                      {200, "", "the answer is not the expected XML", 1, "", 0},
		"JSON":                       {200, "{}", "the answer is not the expected XML", 1, "", 0},
		"cut":                        {200, success[:len(success)-3], "the answer is not the expected XML", 1, "", 0},
		"two documents":              {200, success + success, "the answer is not the expected XML", 1, "", 0},
		"something else":             {200, "<a><b/></a>", "the answer lacks AccessKeyId, SecretAccessKey or SessionToken", 1, "", 0},
		"no token":                   {200, strings.ReplaceAll(success, "SessionToken", "X"), "the answer lacks AccessKeyId, SecretAccessKey or SessionToken", 1, "", 0},
		"no expiration":              {200, strings.ReplaceAll(success, "Expiration", "X"), "the answer has an Expiration that is no RFC 3339 time", 1, "", 0},
		"a secret as the expiration": {200, strings.Replace(success, "2030-01-02", "very-secret-key", 1), "the answer has an Expiration that is no RFC 3339 time", 1, "", 0},
		"too large":                  {200, success + strings.Repeat(" ", 64<<10), "the answer is larger than 64 KiB", 1, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				creds, err := retrieve(t, config(t, func(r *http.Request) (*http.Response, error) {
					attempts++
					return answers(tc.status, tc.body)(r)
				}))
				require.Zero(t, creds)
				require.EqualError(t, err, source+tc.want)
				require.Equal(t, tc.attempts, attempts)
				var api smithy.APIError
				if tc.code == "" {
					require.False(t, errors.As(err, &api))
					return
				}
				require.ErrorAs(t, err, &api)
				require.Equal(t, tc.code, api.ErrorCode())
				require.Equal(t, tc.fault, api.ErrorFault())
			})
		})
	}
}

func TestAttemptsAreBoundedInNumberAndTime(t *testing.T) {
	silent := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := retrieve(t, config(t, silent))
		require.EqualError(t, err, source+"no answer within 15s")
		require.NotErrorIs(t, err, context.DeadlineExceeded, "it is not the caller's context that ended")
		require.Less(t, time.Since(start), time.Minute, "what a cache gives it")
	})
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		creds, err := retrieve(t, config(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts < 3 {
				return silent(r)
			}
			return answers(200, success)(r)
		}))
		require.NoError(t, err)
		require.Equal(t, "ASIAROLE", creds.AccessKeyID)
	})
	synctest.Test(t, func(t *testing.T) {
		p, err := webidentity.New(config(t, silent))
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = p.Retrieve(ctx)
		require.EqualError(t, err, source+"context deadline exceeded")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestARedirectDoesNotCarryTheTokenElsewhere(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("the redirect was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(server.Close)
	cfg := config(t, nil)
	cfg.HTTPClient = nil
	cfg.Endpoint = endpoint.Endpoint{Scheme: "http", Host: server.Listener.Addr().String()}
	_, err := retrieve(t, cfg)
	require.ErrorContains(t, err, "status 307")
}

func TestACertificateThatDoesNotVerifyIsNotTriedAgain(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	cfg := config(t, nil)
	cfg.HTTPClient = nil
	cfg.Endpoint = endpoint.Endpoint{Scheme: "https", Host: server.Listener.Addr().String()}
	_, err := retrieve(t, cfg)
	var certificate *tls.CertificateVerificationError
	require.ErrorAs(t, err, &certificate)
	require.EqualValues(t, 1, connections.Load())
}
