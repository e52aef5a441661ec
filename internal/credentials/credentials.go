package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Provider is a source of credentials. A [Cache] calls Retrieve from one goroutine
// at a time.
type Provider interface {
	Retrieve(context.Context) (Credentials, error)
}

// Credentials are what requests are signed with. Package fmt shows their access key
// ID alone.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
	Expires         time.Time // zero: never
}

// String shows the access key ID and hides the rest.
func (c Credentials) String() string {
	return "Credentials(" + c.AccessKeyID + ", secret hidden)"
}

// Format is String for every verb: without it, verbs such as %d would print the
// fields.
func (c Credentials) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// Validate reports what makes it impossible to sign with c.
func (c Credentials) Validate() error {
	switch {
	case c.AccessKeyID == "":
		return errors.New("the credentials have no access key ID")
	case c.SecretAccessKey == "":
		return errors.New("the credentials have no secret access key")
	case hasControl(c.AccessKeyID), hasControl(c.SecretAccessKey), hasControl(c.SessionToken):
		return errors.New("the credentials hold a control character, such as a newline at the end")
	}
	return nil
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// Static is a provider of fixed credentials.
//
// It holds a function because fmt, with some verbs, prints the unexported fields
// of a struct without asking what is in them, and follows pointers from there.
// Functions are opaque to it.
type Static struct{ get func() Credentials }

// NewStatic returns a provider of creds.
func NewStatic(creds Credentials) Static {
	return Static{func() Credentials { return creds }}
}

// Credentials returns the credentials.
func (s Static) Credentials() Credentials { return s.get() }

// Retrieve returns the credentials.
func (s Static) Retrieve(context.Context) (Credentials, error) { return s.get(), nil }
