package invoke

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// untrustedError says what to do about an endpoint's certificate that nobody
// vouches for, which is what a proxy that inspects TLS looks like.
type untrustedError struct{ err error }

func (e *untrustedError) Error() string {
	return e.err.Error() + " (to trust another authority, such as a proxy's, name the file with its certificate in AWS_CA_BUNDLE for " +
		"NewFromEnv and awsconfig, or set TLSConfig of transport.Config)"
}

func (e *untrustedError) Unwrap() error { return e.err }

// untrusted reports whether err says that a certificate does not lead to an
// authority that is trusted. Of a wrong name and an expired certificate another
// authority would change nothing.
func untrusted(err error) bool {
	var refused *tls.CertificateVerificationError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errtree.As(err, &refused) && !errtree.As(err, &name) && !errtree.As(err, &invalid)
}
