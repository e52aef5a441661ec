package invoke_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// serviceAccount makes the environment that of a pod with a service account on EKS,
// with a token service of its own over TLS.
func serviceAccount(t *testing.T, sts http.HandlerFunc) (tokenFile string) {
	t.Helper()
	server := httptest.NewUnstartedServer(sts)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	tokenFile = filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(tokenFile, []byte("the-token"), 0o600))
	setEnvironment(t, map[string]string{
		"AWS_REGION":                  "eu-central-1",
		"AWS_ROLE_ARN":                "arn:aws:iam::123456789012:role/r",
		"AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile,
		"AWS_ENDPOINT_URL_STS":        server.URL,
		"AWS_CA_BUNDLE":               certificateOf(t, server),
	})
	return tokenFile
}

func writeRole(w http.ResponseWriter, accessKeyID string, expires time.Time) {
	fmt.Fprintf(w, `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>`+
		`<AccessKeyId>%s</AccessKeyId><SecretAccessKey>the-secret-key</SecretAccessKey><SessionToken>token-of-%[1]s</SessionToken><Expiration>%s</Expiration>`+
		`</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, accessKeyID, expires.UTC().Format(time.RFC3339))
}

func TestAServiceAccountsRoleSignsTheCall(t *testing.T) {
	var asked atomic.Int32
	forms := make(chan string, 3)
	tokenFile := serviceAccount(t, func(w http.ResponseWriter, r *http.Request) {
		forms <- r.FormValue("Action") + " " + r.FormValue("RoleArn") + " " + r.FormValue("WebIdentityToken")
		n := asked.Add(1)
		writeRole(w, fmt.Sprint("ROLE", n), time.Now().Add(time.Duration(n-1)*time.Hour)) // the first has expired
	})
	client, sent := clientFromEnv(t)
	require.Zero(t, asked.Load(), "asked before there was a call")
	for _, key := range []string{"ROLE1", "ROLE2", "ROLE2"} {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		require.Contains(t, sent.request.Header.Get("Authorization"), "Credential="+key+"/")
		require.Equal(t, "token-of-"+key, sent.request.Header.Get("X-Amz-Security-Token"))
		require.NoError(t, os.WriteFile(tokenFile, []byte("the-next-token"), 0o600))
	}
	require.EqualValues(t, 2, asked.Load())
	const role = "AssumeRoleWithWebIdentity arn:aws:iam::123456789012:role/r "
	require.Equal(t, role+"the-token", <-forms)
	require.Equal(t, role+"the-next-token", <-forms)
}

func TestARoleThatIsRefusedFailsTheCallBeforeItIsSent(t *testing.T) {
	serviceAccount(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized, `+r.FormValue("WebIdentityToken")+`</Message></Error></ErrorResponse>`)
	})
	client, sent := clientFromEnv(t)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var credentials *errors.CredentialsError
	require.ErrorAs(t, err, &credentials)
	require.ErrorContains(t, err, "web identity, role arn:aws:iam::123456789012:role/r (AWS_ROLE_ARN) from 127.0.0.1:")
	require.ErrorContains(t, err, ": status 403: AccessDenied: Not authorized, [redacted]")
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	require.Equal(t, "AccessDenied", api.ErrorCode())
	require.False(t, errors.MayHaveExecuted(err))
	require.Nil(t, sent.request)
}

func TestATokenServiceWithACertificateThatIsNotTrustedNamesTheVariable(t *testing.T) {
	serviceAccount(t, func(http.ResponseWriter, *http.Request) {})
	os.Unsetenv("AWS_CA_BUNDLE")
	client, sent := clientFromEnv(t)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var credentials *errors.CredentialsError
	require.ErrorAs(t, err, &credentials)
	require.ErrorContains(t, err, "name the file with its certificate in AWS_CA_BUNDLE")
	require.False(t, errors.MayHaveExecuted(err))
	require.Nil(t, sent.request)
}
