package capture

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go/aws-http-auth/credentials"
	"github.com/aws/smithy-go/aws-http-auth/sigv4"
	v4 "github.com/aws/smithy-go/aws-http-auth/v4"
)

// Verify signs the request as it arrived once more, with an implementation that neither client uses, and reports an
// error unless the signature is the same: then what was signed is what was sent.
func (r Request) Verify(secret string) error {
	scope := strings.Split(r.Credential(), "/")
	if len(scope) != 5 {
		return fmt.Errorf("capture: credential scope %q", r.Credential())
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return err
	}
	u, err := url.ParseRequestURI(r.URI)
	if err != nil {
		return err
	}
	again := &http.Request{Method: r.Method, URL: u, Host: r.Host, Header: http.Header{}}
	for name, values := range r.Header {
		for _, v := range values {
			// aws-http-auth does not fold runs of spaces, so they are folded for it.
			again.Header.Add(name, strings.Join(strings.FieldsFunc(v, func(c rune) bool { return c == ' ' }), " "))
		}
	}
	sum := sha256.Sum256(r.Body)
	err = sigv4.New().SignRequest(&sigv4.SignRequestInput{
		Request:     again,
		PayloadHash: sum[:],
		Credentials: credentials.Credentials{
			AccessKeyID: scope[0], SecretAccessKey: secret, SessionToken: r.Header.Get("X-Amz-Security-Token"),
		},
		Region: scope[2], Service: scope[3], Time: at,
	}, func(o *v4.SignerOptions) { o.HeaderRules = names(r.Signed()) })
	if err != nil {
		return err
	}
	if got, want := r.Header.Get("Authorization"), again.Header.Get("Authorization"); got != want {
		return fmt.Errorf("capture: signed as %s, should be %s", got, want)
	}
	return nil
}

type names []string

func (n names) IsSigned(name string) bool { return slices.Contains(n, strings.ToLower(name)) }
