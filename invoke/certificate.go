package invoke

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// untrustedError is the error of a certificate whose authority is not trusted, the
// endpoint's or that of a source of credentials. It adds what to do, because a
// proxy that inspects TLS is the usual cause.
type untrustedError struct{ err error }

func (e *untrustedError) Error() string {
	return e.err.Error() + " (to trust another authority, such as a proxy's, name the file with its certificate in AWS_CA_BUNDLE for " +
		"NewFromEnv and awsconfig, or set TLSConfig of transport.Config)"
}

func (e *untrustedError) Unwrap() error { return e.err }

// explainUntrusted returns err. Where it is about an authority that is not trusted,
// it adds what to do.
func explainUntrusted(err error) error {
	if untrusted(err) {
		return &untrustedError{err}
	}
	return err
}

// untrusted reports whether err is about a certificate whose authority is not
// trusted. It is false for a wrong host name and for an expired certificate, which
// trusting another authority would not help.
func untrusted(err error) bool {
	var refused *tls.CertificateVerificationError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errtree.As(err, &refused) && !errtree.As(err, &name) && !errtree.As(err, &invalid)
}
