package invoke_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestACertificateThatIsNotTrustedNamesTheVariable(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = true })
	opts := s.Options()
	for name, client := range map[string]invoke.HTTPClient{"the default": nil, "net/http's": &http.Client{}} {
		t.Run(name, func(t *testing.T) {
			opts.HTTPClient, opts.Retry.MaxAttempts = client, 1
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.ErrorContains(t, err, "AWS_CA_BUNDLE")
			var refused *tls.CertificateVerificationError
			require.ErrorAs(t, err, &refused)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
	t.Run("another name", func(t *testing.T) {
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
			c.TLSConfig = &tls.Config{RootCAs: roots, ServerName: "elsewhere.example"}
		})
		_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "AWS_CA_BUNDLE")
	})
}
