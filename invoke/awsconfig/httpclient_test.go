package awsconfig_test

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

func TestAnHTTPClientOfTheUsersOwnIsCarriedOver(t *testing.T) {
	own := &http.Client{Timeout: time.Second}
	require.Same(t, own, awsconfig.FromConfig(aws.Config{HTTPClient: own}).HTTPClient)
	sent := &keep{}
	require.Same(t, sent, awsconfig.FromConfig(aws.Config{HTTPClient: sent}).HTTPClient)
	require.Nil(t, awsconfig.FromConfig(aws.Config{}).HTTPClient)
}

func TestTheSDKsClientIsCarriedOverWhereSomethingOfItWasChanged(t *testing.T) {
	plain := awshttp.NewBuildableClient()
	for name, client := range map[string]*awshttp.BuildableClient{
		"a timeout":      plain.WithTimeout(7 * time.Second),
		"a read timeout": plain.WithReadTimeout(7 * time.Second),
		"the dialer":     plain.WithDialerOptions(func(d *net.Dialer) { d.Timeout = time.Second }),
		"a limit":        plain.WithTransportOptions(func(t *http.Transport) { t.MaxConnsPerHost = 1 }),
		"the proxy":      plain.WithTransportOptions(func(t *http.Transport) { t.Proxy = nil }),
	} {
		t.Run(name, func(t *testing.T) {
			carried, ok := awsconfig.FromConfig(aws.Config{HTTPClient: client}).HTTPClient.(*http.Client)
			require.True(t, ok)
			require.Equal(t, client.GetTimeout(), carried.Timeout)
			require.NotContains(t, typeName(carried.Transport), "lambda-invoke")
		})
	}
}

func TestTheSDKsPlainClientGivesWayToTheLibrarysTransport(t *testing.T) {
	plain := awshttp.NewBuildableClient()
	for name, client := range map[string]*awshttp.BuildableClient{
		"as it is made": plain,
		"copied":        plain.WithTransportOptions(),
		"copied twice":  plain.WithTransportOptions().WithTransportOptions(),
		"with TLS":      plain.WithTransportOptions(func(t *http.Transport) { t.TLSClientConfig.ServerName = "lambda.example.com" }),
	} {
		t.Run(name, func(t *testing.T) {
			carried, ok := awsconfig.FromConfig(aws.Config{HTTPClient: client}).HTTPClient.(*http.Client)
			require.True(t, ok)
			require.Contains(t, typeName(carried.Transport), "lambda-invoke")
		})
	}
}

func TestTheCertificatesOfACABundleAreTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `"ok"`) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(bundle, certificate, 0o600))

	for name, tc := range map[string]struct {
		vars map[string]string
		file string
	}{
		"named by the environment": {vars: map[string]string{"AWS_CA_BUNDLE": bundle}, file: "[default]\nregion = us-east-1\n"},
		"named by the profile":     {file: "[default]\nregion = us-east-1\nca_bundle = " + bundle + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tc.vars, tc.file, secrets)
			t.Setenv("AWS_ENDPOINT_URL", server.URL)
			opts, err := awsconfig.Load(t.Context())
			require.NoError(t, err)
			client, err := invoke.New(opts)
			require.NoError(t, err)
			out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Equal(t, `"ok"`, string(out.Payload))
		})
	}
}

func TestARedirectIsNotFollowedByAClientThatIsCarriedOver(t *testing.T) {
	var requests int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(server.Close)
	client, err := invoke.New(awsconfig.FromConfig(aws.Config{
		Region: "us-east-1", Credentials: staticProvider(), BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(time.Minute),
	}))
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorContains(t, err, "307")
	require.Equal(t, 1, requests)
}
