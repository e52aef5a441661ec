package invoke

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"
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
// from it that what it has cached will not do.
func StaleCredentials(ctx context.Context) (Credentials, bool) {
	id, ok := ctx.Value(staleKey{}).(*identity)
	if !ok || id == nil {
		return Credentials{}, false
	}
	return id.credentials(), true
}

type staleKey struct{}

func withStale(ctx context.Context, id *identity) context.Context {
	return context.WithValue(ctx, staleKey{}, id)
}

// CredentialsProviderFunc makes a function a [CredentialsProvider].
type CredentialsProviderFunc func(context.Context) (Credentials, error)

// Retrieve calls f.
func (f CredentialsProviderFunc) Retrieve(ctx context.Context) (Credentials, error) { return f(ctx) }

// StaticCredentials returns a provider of fixed credentials that never expire.
// sessionToken is empty for the long-lived keys of a user. invoke.New refuses
// an empty access key ID or secret.
func StaticCredentials(accessKeyID, secretAccessKey, sessionToken string) CredentialsProvider {
	creds := Credentials{AccessKeyID: accessKeyID, SecretAccessKey: secretAccessKey, SessionToken: sessionToken}
	return staticCredentials{func() Credentials { return creds }}
}

// staticCredentials holds a function because fmt, with some verbs, prints the
// unexported fields of somebody's struct without asking what is in them, and
// follows pointers from there. Functions are opaque to it.
type staticCredentials struct{ get func() Credentials }

func (s staticCredentials) Retrieve(context.Context) (Credentials, error) { return s.get(), nil }

func (s staticCredentials) complete() error              { return s.get().complete() }
func (s staticCredentials) String() string               { return s.get().String() }
func (s staticCredentials) Format(f fmt.State, r rune)   { s.get().Format(f, r) }
func (s staticCredentials) MarshalText() ([]byte, error) { return s.get().MarshalText() }
func (s staticCredentials) LogValue() slog.Value         { return s.get().LogValue() }

// String shows the access key ID and hides the rest.
func (c Credentials) String() string {
	return fmt.Sprintf("Credentials(%s, secret hidden)", c.AccessKeyID)
}

// GoString is String, so that %#v hides the secret too.
func (c Credentials) GoString() string { return c.String() }

// Format is String for every verb: without it, verbs such as %d would print
// the fields.
func (c Credentials) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// MarshalText is String, which covers encoding/json and the like.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// LogValue shows slog what String shows.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// complete reports what is missing, in words that can be shown.
func (c Credentials) complete() error {
	switch {
	case c.AccessKeyID == "":
		return fmt.Errorf("the credentials have no access key ID")
	case c.SecretAccessKey == "":
		return fmt.Errorf("the credentials have no secret access key")
	case hasControl(c.AccessKeyID), hasControl(c.SecretAccessKey), hasControl(c.SessionToken):
		return fmt.Errorf("the credentials hold a control character, such as a newline at the end")
	}
	return nil
}
