package invoke

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// addHTTPClient makes a client that trusts the certificates of AWS_CA_BUNDLE,
// as networks need whose proxy looks into TLS.
func (e *environment) addHTTPClient(opts *Options) {
	const name = "AWS_CA_BUNDLE"
	file := os.Getenv(name)
	if file == "" {
		return
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		e.problem(never, "the file of certificates %s (%s) cannot be read: %w", file, name, withoutPath(err))
		return
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		e.problem(never, "the file of certificates %s (%s) holds no certificate in PEM form", file, name)
		return
	}
	opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
		c.TLSConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	})
}
