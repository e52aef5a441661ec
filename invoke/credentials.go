package invoke

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
)

// Credentials signs requests in the name of an AWS identity. However it is
// printed, logged or marshalled, it shows the access key ID at most, never the
// secret or the session token. (Package fmt does not let a type decide that
// where it is the type of an unexported field; keep a [CredentialsProvider]
// there.)
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // set for temporary credentials only

	// Expires is when the credentials stop working. Zero means never.
	Expires time.Time
}

// CredentialsProvider supplies [Credentials]. Retrieve is called by one
// goroutine at a time for each client, and again only when the credentials are
// about to expire or the service has called them expired; [StaleCredentials]
// tells which. It works for all callers that wait: its context has the values
// of one of theirs, but ends after a minute and not with any of them. Its error
// comes back from Invoke in an [errors.CredentialsError], unless there are
// credentials that still hold.
//
// A provider that is set for one call is asked for that call, and for the next
// again: make a client for each identity, or keep what the provider returns.
// Clients may share an HTTPClient.
type CredentialsProvider interface {
	Retrieve(context.Context) (Credentials, error)
}

// StaleCredentials returns the credentials that a client wants others for,
// because they are about to expire or the service has called them expired. ctx
// is the one that [CredentialsProvider] Retrieve was called with. false means
// that the client has had none yet. A provider with a cache of its own learns
// from it which of its cached credentials not to return.
func StaleCredentials(ctx context.Context) (Credentials, bool) {
	stale, ok := credentials.Stale(ctx)
	return Credentials(stale), ok
}

// CredentialsProviderFunc makes a function a [CredentialsProvider].
type CredentialsProviderFunc func(context.Context) (Credentials, error)

// Retrieve calls f.
func (f CredentialsProviderFunc) Retrieve(ctx context.Context) (Credentials, error) { return f(ctx) }

// StaticCredentials returns a provider of fixed credentials that never expire.
// sessionToken is empty for the long-lived keys of a user. invoke.New refuses
// an empty access key ID or secret.
func StaticCredentials(accessKeyID, secretAccessKey, sessionToken string) CredentialsProvider {
	return staticCredentials{credentials.NewStatic(credentials.Credentials{
		AccessKeyID: accessKeyID, SecretAccessKey: secretAccessKey, SessionToken: sessionToken,
	})}
}

// String shows the access key ID and hides the rest.
func (c Credentials) String() string { return credentials.Credentials(c).String() }

// GoString is String, so that %#v hides the secret too.
func (c Credentials) GoString() string { return c.String() }

// Format is String for every verb: without it, verbs such as %d would print
// the fields.
func (c Credentials) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// MarshalText is String, which covers encoding/json and log/slog.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// The providers that this package makes of internal ones. Conversions between the
// two types of credentials cost nothing: their fields are the same.
type (
	staticCredentials      struct{ static credentials.Static }
	environmentCredentials struct{ provider credentials.Provider }
	cachedCredentials      struct{ cache *credentials.Cache } // what Options hold once they are a client's
)

func (s staticCredentials) Retrieve(context.Context) (Credentials, error) { return s.get(), nil }

func (s staticCredentials) get() Credentials             { return Credentials(s.static.Credentials()) }
func (s staticCredentials) String() string               { return s.get().String() }
func (s staticCredentials) Format(f fmt.State, r rune)   { s.get().Format(f, r) }
func (s staticCredentials) MarshalText() ([]byte, error) { return s.get().MarshalText() }

func (e environmentCredentials) Retrieve(ctx context.Context) (Credentials, error) {
	creds, err := e.provider.Retrieve(ctx)
	return Credentials(creds), err
}

func (c cachedCredentials) Retrieve(ctx context.Context) (Credentials, error) {
	id, err := c.cache.Identity(ctx)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials(id.Credentials()), nil
}

// Format hides what fmt would find behind the pointer.
func (c cachedCredentials) Format(f fmt.State, r rune) { c.cache.Format(f, r) }

func fromInternal(p credentials.Provider) CredentialsProvider {
	if static, ok := p.(credentials.Static); ok {
		return staticCredentials{static}
	}
	return environmentCredentials{p}
}

// userProvider is a provider of the user's own for a [credentials.Cache].
type userProvider struct{ provider CredentialsProvider }

func (p userProvider) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	creds, err := p.provider.Retrieve(ctx)
	return credentials.Credentials(creds), err
}

func providerOf(p CredentialsProvider) credentials.Provider {
	switch p := p.(type) {
	case staticCredentials:
		return p.static
	case environmentCredentials:
		return p.provider
	default:
		return userProvider{p}
	}
}
