package endpoint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"time"
)

// listen opens a port of the loopback interface, and returns the certificate that clients must trust, if any.
func listen(secure bool) (net.Listener, []byte, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil || !secure {
		return l, nil, err
	}
	cert, err := certificate()
	if err != nil {
		l.Close()
		return nil, nil, err
	}
	// HTTP/1.1 only, like the service's endpoints. Session tickets are no use to clients that keep no sessions.
	return tls.NewListener(l, &tls.Config{
		Certificates:           []tls.Certificate{cert},
		NextProtos:             []string{"http/1.1"},
		SessionTicketsDisabled: true,
	}), cert.Certificate[0], nil
}

// certificate makes one that signs itself. Of the common kinds, its key is the one that costs the server least, so
// that clients which open many connections are not made to look worse by the server's share of a handshake.
func certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(24 * time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
