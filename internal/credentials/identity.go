package credentials

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// Identity is one set of credentials from a [Cache], in the form that the signer
// takes.
type Identity struct {
	// Signing is never written after the identity was made.
	Signing sigv4.Credentials

	expires   time.Time    // zero: never
	refreshAt atomic.Int64 // in milliseconds since 1970, to which years far ahead have no end
	refused   atomic.Bool  // by the service
}

func newIdentity(creds Credentials, now time.Time) *Identity {
	id := &Identity{
		Signing: sigv4.Credentials{
			AccessKeyID:     creds.AccessKeyID,
			SecretAccessKey: creds.SecretAccessKey,
			SessionToken:    creds.SessionToken,
		},
		expires: creds.Expires,
	}
	if !creds.Expires.IsZero() {
		window := min(maxRefreshWindow, creds.Expires.Sub(now)/4)
		if window > 0 { // spread over half of it, so that many clients do not refresh as one
			window -= rand.N(window/2 + 1)
		}
		id.refreshAt.Store(creds.Expires.Add(-window).UnixMilli())
	}
	return id
}

// valid reports whether requests can be signed with id.
func (id *Identity) valid(now time.Time) bool {
	return id != nil && !id.refused.Load() && (id.expires.IsZero() || now.Before(id.expires))
}

// sameKeys reports whether id and other sign alike.
func (id *Identity) sameKeys(other *Identity) bool {
	return id != nil && other != nil && id.Signing == other.Signing
}

// Credentials returns id as a provider returned it.
func (id *Identity) Credentials() Credentials {
	return Credentials{
		AccessKeyID:     id.Signing.AccessKeyID,
		SecretAccessKey: id.Signing.SecretAccessKey,
		SessionToken:    id.Signing.SessionToken,
		Expires:         id.expires,
	}
}

type staleKey struct{}

func withStale(ctx context.Context, id *Identity) context.Context {
	return context.WithValue(ctx, staleKey{}, id)
}

// Stale returns the credentials that a [Cache] replaces, because they are about to
// expire or the service has refused them. ctx is the one that [Provider] Retrieve
// was called with. false means that the cache has had none yet.
func Stale(ctx context.Context) (Credentials, bool) {
	if ctx == nil {
		return Credentials{}, false
	}
	id, ok := ctx.Value(staleKey{}).(*Identity)
	if !ok || id == nil {
		return Credentials{}, false
	}
	return id.Credentials(), true
}
