// Package sigv4 signs requests with Signature Version 4, and verifies such
// signatures for the embedded test endpoint.
//
// It covers what an Invoke needs and no more: signatures in the Authorization
// header, and paths that are escaped twice in the canonical request, as every
// service but S3 expects. A signature costs one allocation, of the header values that
// have to outlive it.
package sigv4

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	// timeLayout is the form of X-Amz-Date; its first dayLength bytes are the day of the scope.
	timeLayout = "20060102T150405Z"
	dayLength  = len("20060102")

	// In the canonical casing of http.Header's keys.
	headerAuthorization = "Authorization"
	headerDate          = "X-Amz-Date"
	headerToken         = "X-Amz-Security-Token"

	// emptyPayloadHash is the SHA-256 of nothing.
	emptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// Credentials are the keys to sign with. SessionToken is empty for long-lived
// keys. They show neither secret nor token when formatted.
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
}

// Format implements [fmt.Formatter], so that no verb prints the secrets.
func (c Credentials) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "sigv4.Credentials("+c.AccessKeyID+", secrets redacted)")
}

// Signer signs requests. The zero value is ready to use, and safe for
// concurrent use. It keeps the keys it derived, a bounded number of them, so
// one Signer should serve all requests of a client. It must not be copied after
// first use.
type Signer struct {
	keys           keyCache
	canonicalizers sync.Pool
}

// Sign signs req as sent at t: it sets the X-Amz-Date, X-Amz-Security-Token and
// Authorization headers, and drops what an earlier signature left in them.
// Everything else has to be in place before: all headers but Authorization,
// User-Agent, X-Amzn-Trace-Id, Expect and Transfer-Encoding are signed, and so
// are method, path, query, host, and a positive ContentLength.
//
// payloadHash is the [PayloadHash] of the body. The host is signed without a
// default port (80 for http, 443 for https) and without an IPv6 zone; where it
// has one, req.Host is set to the signed host, so that it is the one sent.
//
// An error says which input is missing or malformed; req may have lost an earlier
// signature by then, but is not signed. No error holds a secret.
func (s *Signer) Sign(req *http.Request, creds *Credentials, payloadHash string, service, region string, t time.Time) error {
	return s.SignInto(make([]string, HeaderValues), req, creds, []byte(payloadHash), service, region, t)
}

// HeaderValues is the number of header values that a signature may set.
const HeaderValues = 3

// SignInto is [Signer.Sign] for callers who count allocations: the header values
// that it sets are kept in values, which has to have room for [HeaderValues] and
// must not be used for anything else while the headers are.
func (s *Signer) SignInto(values []string, req *http.Request, creds *Credentials, payloadHash []byte, service, region string, t time.Time) error {
	if err := checkInput(req, creds, payloadHash, service, region); err != nil {
		return err
	}
	host := signedHost(req)
	if host == "" {
		return errors.New("sigv4: the request has no host")
	}
	if host != cmp.Or(req.Host, req.URL.Host) {
		req.Host = host
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}

	c, ok := s.canonicalizers.Get().(*canonicalizer)
	if !ok {
		c = newCanonicalizer()
	}
	defer func() {
		if c.reset() {
			s.canonicalizers.Put(c)
		}
	}()
	t = t.UTC()
	if year := t.Year(); year < 0 || year > 9999 {
		return errors.New("sigv4: the signing time is not within the years 0 to 9999")
	}
	date := string(appendDate(c.date[:0], t)) // stays on the stack

	if creds.SessionToken != "" {
		values[1] = creds.SessionToken
		req.Header[headerToken] = values[1:2:2]
	} else {
		delete(req.Header, headerToken)
	}
	delete(req.Header, headerDate)
	delete(req.Header, headerAuthorization)

	c.addHeader("host", host)
	c.addHeader("x-amz-date", date)
	if req.ContentLength > 0 {
		c.addContentLength(req.ContentLength)
	}
	c.addHeaders(req.Header, isSigned)
	if err := c.build(req.Method, req.URL, payloadHash); err != nil {
		return err
	}
	key := s.keys.get(creds, date[:dayLength], region, service)
	values[0], values[2] = c.authorization(key, date)
	req.Header[headerDate] = values[0:1:1]
	req.Header[headerAuthorization] = values[2:3:3]
	return nil
}

// PayloadHash returns the lower-case hexadecimal SHA-256 of payload.
func PayloadHash(payload []byte) string {
	if len(payload) == 0 {
		return emptyPayloadHash
	}
	return string(AppendPayloadHash(nil, payload))
}

// AppendPayloadHash appends what [PayloadHash] returns to dst.
func AppendPayloadHash(dst, payload []byte) []byte {
	if len(payload) == 0 {
		return append(dst, emptyPayloadHash...)
	}
	sum := sha256.Sum256(payload)
	return hex.AppendEncode(dst, sum[:])
}

func checkInput(req *http.Request, creds *Credentials, payloadHash []byte, service, region string) error {
	switch {
	case req == nil || req.URL == nil:
		return errors.New("sigv4: no request to sign, or one without a URL")
	case creds == nil || creds.AccessKeyID == "" || creds.SecretAccessKey == "":
		return errors.New("sigv4: the credentials lack an access key ID or a secret access key")
	case len(payloadHash) == 0:
		return errors.New("sigv4: the payload hash is missing")
	case service == "" || region == "":
		return errors.New("sigv4: the service or the region to sign for is missing")
	}
	return nil
}
