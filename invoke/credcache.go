package invoke

import (
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

const (
	// maxRefreshWindow is how long before their expiry credentials are
	// refreshed in the background. Credentials that live for less than four
	// times as long are refreshed in the last quarter of their life.
	maxRefreshWindow = 5 * time.Minute

	// refreshPause is how long a failed refresh rests while the old
	// credentials still hold.
	refreshPause = 30 * time.Second

	// refreshTimeout ends a provider that hangs: it serves every caller, so it
	// cannot run under the deadline of one.
	refreshTimeout = time.Minute
)

var errOverdue = stderrors.New("the credentials provider did not answer within a minute") // refreshTimeout

// credentialCache stands between the callers and a provider. Callers read the
// current credentials without a lock; one goroutine at a time refreshes them.
// Near expiry that happens in the background, so callers wait only while there
// is nothing valid to sign with.
type credentialCache struct {
	provider CredentialsProvider
	current  atomic.Pointer[identity]

	mu       sync.Mutex
	inflight *retrieval
}

// identity is one retrieved set of credentials in the form the signer takes.
type identity struct {
	signing   sigv4.Credentials
	expires   time.Time    // zero: never
	refreshAt atomic.Int64 // in milliseconds since 1970, to which years far ahead have no end
	refused   atomic.Bool  // by the service
}

// holds reports whether id can be signed with.
func (id *identity) holds(now time.Time) bool {
	return id != nil && !id.refused.Load() && (id.expires.IsZero() || now.Before(id.expires))
}

type retrieval struct {
	done     chan struct{}
	overdue  <-chan struct{} // closed when refreshTimeout is over, or done is
	identity *identity
	err      error
	panicked error
}

// result returns what came of a retrieval that is done. A provider that panicked
// does so for those who wait for it, who may know what to do.
func (r *retrieval) result() (*identity, error) {
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.identity, r.err
}

func newCredentialCache(provider CredentialsProvider) *credentialCache {
	return &credentialCache{provider: provider}
}

// Retrieve makes the cache a provider itself, so that it can stand in Options.
func (c *credentialCache) Retrieve(ctx context.Context) (Credentials, error) {
	id, err := c.identity(ctx)
	if err != nil {
		return Credentials{}, err
	}
	return id.credentials(), nil
}

func (id *identity) credentials() Credentials {
	return Credentials{
		AccessKeyID:     id.signing.AccessKeyID,
		SecretAccessKey: id.signing.SecretAccessKey,
		SessionToken:    id.signing.SessionToken,
		Expires:         id.expires,
	}
}

// Format hides what fmt would find behind the fields, whatever the verb.
func (c *credentialCache) Format(f fmt.State, _ rune) {
	io.WriteString(f, "CredentialsProvider(cached, secret hidden)")
}

// identity returns valid credentials, from the cache or the provider.
func (c *credentialCache) identity(ctx context.Context) (*identity, error) {
	id := c.current.Load()
	if id != nil && id.expires.IsZero() && !id.refused.Load() {
		return id, nil
	}
	if now := time.Now(); id.holds(now) {
		if now.UnixMilli() >= id.refreshAt.Load() {
			c.refresh(ctx, id)
		}
		return id, nil
	}

	r := c.refresh(ctx, id)
	select {
	case <-r.done:
		return r.result()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.overdue:
	}
	select {
	case <-r.done:
		return r.result()
	default: // the provider does not heed its context
		return nil, errOverdue
	}
}

// refresh starts a retrieval of what shall take the place of id, or joins the one
// that is under way.
func (c *credentialCache) refresh(ctx context.Context, id *identity) *retrieval {
	c.mu.Lock()
	defer c.mu.Unlock()
	if current := c.current.Load(); c.inflight == nil && current != id && current.holds(time.Now()) {
		return doneWith(current) // somebody was faster
	}
	if c.inflight == nil {
		ctx, cancel := context.WithTimeout(withStale(context.WithoutCancel(ctx), id), refreshTimeout)
		c.inflight = &retrieval{done: make(chan struct{}), overdue: ctx.Done()}
		go c.retrieve(ctx, cancel, c.inflight)
	}
	return c.inflight
}

func doneWith(id *identity) *retrieval {
	r := &retrieval{done: make(chan struct{}), identity: id}
	close(r.done)
	return r
}

// errNoReturn is what became of a provider that ended its goroutine.
var errNoReturn = stderrors.New("the credentials provider ended its goroutine")

// retrieve asks the provider. One that does not return keeps its place, so that
// it is never asked twice at a time; callers have given up on it by then.
func (c *credentialCache) retrieve(ctx context.Context, cancel context.CancelFunc, r *retrieval) {
	defer cancel()
	var creds Credentials
	err := errNoReturn
	defer func() {
		if value := recover(); value != nil {
			r.panicked = &panicError{of: "the credentials provider", value: value, stack: debug.Stack()}
			err = r.panicked
		}
		c.settle(r, creds, err)
	}()
	creds, err = c.provider.Retrieve(ctx)
	switch {
	case err == nil:
		err = creds.complete()
	case ctx.Err() != nil:
		// Told, not wrapped: the context's error would pass for the end of the
		// caller's.
		err = fmt.Errorf("%w: %v", errOverdue, err)
	}
}

// settle ends a retrieval. What it brought takes the place of the old credentials,
// unless those hold and the new ones do not.
func (c *credentialCache) settle(r *retrieval, creds Credentials, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, old := time.Now(), c.current.Load()
	fresh := newIdentity(creds, now)
	switch {
	case err != nil:
		r.err = err
	case fresh.holds(now) || !old.holds(now):
		r.identity = fresh
		c.current.Store(fresh)
	default:
		r.identity = old
	}
	if r.identity != fresh && old != nil {
		old.refreshAt.Store(now.Add(refreshPause).UnixMilli())
	}
	c.inflight = nil
	close(r.done)
}

func newIdentity(creds Credentials, now time.Time) *identity {
	id := &identity{
		signing: sigv4.Credentials{
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

// drop says that the service refused id, so that the next caller asks the
// provider. It reports whether asking again can help, which it cannot with
// credentials that are fixed.
func (c *credentialCache) drop(id *identity) bool {
	if _, static := c.provider.(staticCredentials); static || id == nil {
		return false
	}
	id.refused.Store(true)
	return true
}
