package sigv4

import (
	"crypto/hmac"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
)

// DefaultMaxSkew is how far a request's date may be from the verifier's clock
// where [Verify] is not told otherwise: five minutes, as for the service.
const DefaultMaxSkew = 5 * time.Minute

// Verify checks the signature of a request as the service does. req is a
// request as a server got it, body its whole body. lookup gives the credentials
// of an access key ID, and false for an unknown one. The request's date may be
// maxSkew before or after now; zero or less stands for [DefaultMaxSkew].
//
// Host, X-Amz-Date and every X-Amz-* header that is present must be signed.
// Region and service are taken from the request as they are.
//
// The error is nil or a *[VerifyError].
func Verify(req *http.Request, body []byte, lookup func(accessKeyID string) (Credentials, bool), now time.Time, maxSkew time.Duration) error {
	auth, err := parseAuthorization(req.Header[headerAuthorization])
	if err != nil {
		return err
	}
	dates := req.Header[headerDate]
	if len(dates) != 1 {
		return fail(ReasonIncomplete, "the request must hold one X-Amz-Date header")
	}
	date := dates[0]
	sent, perr := time.Parse(timeLayout, date)
	if perr != nil || len(date) != len(timeLayout) {
		return fail(ReasonIncomplete, "X-Amz-Date must be like 20060102T150405Z")
	}

	creds, ok := lookup(auth.accessKeyID)
	if !ok {
		return fail(ReasonUnknownKey, "the access key ID is not known")
	}
	token := req.Header[headerToken]
	if subtle.ConstantTimeCompare([]byte(strings.Join(token, ",")), []byte(creds.SessionToken)) != 1 {
		return fail(ReasonTokenMismatch, "the session token is not that of the access key ID")
	}
	if maxSkew <= 0 {
		maxSkew = DefaultMaxSkew
	}
	if now.Sub(sent) > maxSkew {
		return fail(ReasonExpired, "the request was signed at "+date+", too long before "+now.UTC().Format(timeLayout))
	}
	if sent.Sub(now) > maxSkew {
		return fail(ReasonNotYetCurrent, "the request was signed at "+date+", too long after "+now.UTC().Format(timeLayout))
	}
	if auth.day != date[:dayLength] {
		return fail(ReasonMismatch, "the day of the credential scope is not that of X-Amz-Date")
	}
	if err := auth.checkSignedHeaders(req.Header); err != nil {
		return err
	}
	return auth.checkSignature(req, body, &creds, date)
}

// authorization is a parsed Authorization header.
type authorization struct {
	accessKeyID, day, region, service string
	signedHeaders                     string // the list as given
	signature                         string
	names                             map[string]struct{} // of signedHeaders
}

func parseAuthorization(values []string) (*authorization, error) {
	if len(values) == 0 {
		return nil, fail(ReasonMissing, "the request is not signed")
	}
	name, rest, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || name != algorithm {
		return nil, fail(ReasonIncomplete, "there must be one Authorization header, and it must start with "+algorithm)
	}
	fields := make(map[string]string, 3)
	for field := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		if _, twice := fields[key]; twice {
			return nil, fail(ReasonIncomplete, "the Authorization header repeats a parameter")
		}
		fields[key] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 5 || scope[0] == "" || scope[2] == "" || scope[3] == "" || scope[4] != terminator {
		return nil, fail(ReasonIncomplete, "Credential must be like KEY/20060102/region/service/"+terminator)
	}
	a := &authorization{
		accessKeyID: scope[0], day: scope[1], region: scope[2], service: scope[3],
		signedHeaders: fields["SignedHeaders"],
		signature:     fields["Signature"],
		names:         make(map[string]struct{}),
	}
	if a.signedHeaders == "" || a.signature == "" {
		return nil, fail(ReasonIncomplete, "the Authorization header lacks SignedHeaders or Signature")
	}
	last := ""
	for name := range strings.SplitSeq(a.signedHeaders, ";") {
		if name <= last || name != strings.ToLower(name) {
			return nil, fail(ReasonIncomplete, "SignedHeaders must be in lower case, sorted, each named once")
		}
		a.names[name] = struct{}{}
		last = name
	}
	return a, nil
}

func (a *authorization) signs(lowerName []byte) bool {
	_, ok := a.names[string(lowerName)]
	return ok
}

// checkSignedHeaders finds headers that must be signed and are not.
func (a *authorization) checkSignedHeaders(h http.Header) error {
	if !a.signs([]byte("host")) {
		return fail(ReasonUnsignedHeader, "host must be signed")
	}
	for key := range h {
		name := strings.ToLower(key)
		if strings.HasPrefix(name, "x-amz-") && !a.signs([]byte(name)) {
			return fail(ReasonUnsignedHeader, name+" is present and must be signed")
		}
	}
	return nil
}

func (a *authorization) checkSignature(req *http.Request, body []byte, creds *Credentials, date string) error {
	c := newCanonicalizer()
	c.addHeader("host", signedHost(req))
	if a.signs([]byte("content-length")) && req.ContentLength >= 0 {
		c.addContentLength(req.ContentLength)
	}
	c.addHeaders(req.Header, a.signs)
	if err := c.build(req.Method, req.URL, AppendPayloadHash(nil, body)); err != nil {
		return fail(ReasonMismatch, "the query is malformed")
	}
	if string(c.out[c.signed.start:c.signed.end]) != a.signedHeaders {
		return fail(ReasonMismatch, "a signed header is missing from the request")
	}
	key := newSigningKey(creds, a.day, a.region, a.service)
	if !hmac.Equal(c.signature(key, date), []byte(a.signature)) {
		return fail(ReasonMismatch, "the signature is not that of this request")
	}
	return nil
}
