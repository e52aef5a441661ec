package invoke_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// certificateOf returns a file with the certificate of a server.
func certificateOf(t *testing.T, server *httptest.Server) string {
	t.Helper()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(bundle, certificate, 0o600))
	return bundle
}

func TestNewFromEnvTrustsTheCertificatesThatTheEnvironmentNames(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`"ok"`)) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake that is to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle := certificateOf(t, server)

	setEnvironment(t, withVars(inLambda, "AWS_ENDPOINT_URL", server.URL, "AWS_MAX_ATTEMPTS", "1"))
	client, err := invoke.NewFromEnv(t.Context())
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var transport *errors.TransportError
	require.ErrorAs(t, err, &transport, "the server is not to be trusted without the bundle")
	require.Equal(t, errors.StageConnect, transport.Stage)

	t.Setenv("AWS_CA_BUNDLE", bundle)
	client, err = invoke.NewFromEnv(t.Context())
	require.NoError(t, err)
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, `"ok"`, string(out.Payload))
}

func TestNewFromEnvRefusesAFileWithoutCertificates(t *testing.T) {
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(bundle, []byte("no certificate"), 0o600))
	setEnvironment(t, withVars(inLambda, "AWS_CA_BUNDLE", bundle))
	_, err := invoke.NewFromEnv(t.Context())
	require.EqualError(t, err, "invoke: the file of certificates "+bundle+" (AWS_CA_BUNDLE) holds no certificate in PEM form")
}
