package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/panics"
)

const (
	// maxRefreshWindow is how long before their expiry credentials are
	// refreshed in the background. Credentials that live for less than four
	// times as long are refreshed in the last quarter of their life.
	maxRefreshWindow = 5 * time.Minute

	// refreshPause is how long a failed refresh rests while the old
	// credentials are still valid.
	refreshPause = 30 * time.Second

	// retrieveTimeout ends a provider that hangs: it serves every caller, so it
	// cannot run under the deadline of one.
	retrieveTimeout = time.Minute
)

var (
	errTimeout  = errors.New("the credentials provider did not answer within a minute") // retrieveTimeout
	errNoReturn = errors.New("the credentials provider ended its goroutine")
)

// Cache keeps the credentials of one provider for many callers. Callers read the
// current credentials without a lock; one goroutine at a time retrieves others.
type Cache struct {
	provider Provider
	current  atomic.Pointer[Identity]

	mu       sync.Mutex
	inflight *retrieval
}

// NewCache returns a cache that asks provider when the first caller needs
// credentials. A [Static] need not be asked.
func NewCache(provider Provider) *Cache {
	c := &Cache{provider: provider}
	if static, ok := provider.(Static); ok && static.get().Validate() == nil {
		c.current.Store(newIdentity(static.get(), time.Now()))
	}
	return c
}

// Format hides what fmt would find behind the fields, whatever the verb.
func (c *Cache) Format(f fmt.State, _ rune) {
	io.WriteString(f, "CredentialsProvider(cached, secret hidden)")
}

// Identity returns valid credentials, from the cache or the provider. Its error is
// the provider's, or that of ctx where ctx ended first. A panic of the provider is
// one of those who wait for it.
func (c *Cache) Identity(ctx context.Context) (*Identity, error) {
	id := c.current.Load()
	if id != nil && id.expires.IsZero() && !id.refused.Load() {
		return id, nil // without a look at the clock
	}
	if now := time.Now(); id.valid(now) {
		if now.UnixMilli() >= id.refreshAt.Load() {
			c.refresh(ctx, id)
		}
		return id, nil
	}
	id, err := c.refresh(ctx, id).wait(ctx)
	if err == nil && id.refused.Load() {
		// The retrieval began before the service refused what it brought. The
		// next one begins after that; what it brings is the provider's last word.
		id, err = c.refresh(ctx, id).wait(ctx)
	}
	return id, err
}

// Invalidate says that the service refused the keys of id. The next caller asks
// the provider, also where a retrieval is in flight or has ended meanwhile, if that
// brings the same keys. Invalidate reports whether asking again can help, which it
// cannot with credentials that are fixed.
func (c *Cache) Invalidate(id *Identity) bool {
	if _, static := c.provider.(Static); static || id == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id.refused.Store(true)
	if current := c.current.Load(); current.sameKeys(id) {
		current.refused.Store(true)
	}
	return true
}

// retrieval is one question to the provider.
type retrieval struct {
	done     chan struct{}
	timeout  <-chan struct{} // closed when retrieveTimeout is over, or after done
	refused  bool            // the service had refused the old credentials when it began
	identity *Identity       // like the rest, set before done is closed
	err      error
	panicked error
}

// wait returns what the provider answered. It gives up when ctx ends, and when the
// provider has had its time.
func (r *retrieval) wait(ctx context.Context) (*Identity, error) {
	select {
	case <-r.done:
		return r.result()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.timeout:
	}
	select {
	case <-r.done:
		return r.result()
	default: // the provider ignores its context
		return nil, errTimeout
	}
}

func (r *retrieval) result() (*Identity, error) {
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.identity, r.err
}

// refresh starts the retrieval of what takes the place of id, or joins the one
// that is in flight.
func (c *Cache) refresh(ctx context.Context, id *Identity) *retrieval {
	c.mu.Lock()
	defer c.mu.Unlock()
	if current := c.current.Load(); c.inflight == nil && current != id && current.valid(time.Now()) {
		return doneWith(current) // another caller was faster
	}
	if c.inflight == nil {
		ctx, cancel := context.WithTimeout(withStale(context.WithoutCancel(ctx), id), retrieveTimeout)
		c.inflight = &retrieval{done: make(chan struct{}), timeout: ctx.Done(), refused: id != nil && id.refused.Load()}
		go c.retrieve(ctx, cancel, c.inflight)
	}
	return c.inflight
}

func doneWith(id *Identity) *retrieval {
	r := &retrieval{done: make(chan struct{}), identity: id}
	close(r.done)
	return r
}

// retrieve asks the provider. A provider that does not return stays in flight, so
// that it is never asked twice at a time; callers have given up on it by then.
func (c *Cache) retrieve(ctx context.Context, cancel context.CancelFunc, r *retrieval) {
	defer cancel()
	var creds Credentials
	err := errNoReturn
	defer func() {
		if value := recover(); value != nil {
			r.panicked = &panics.Error{Of: "the credentials provider", Value: value, Stack: debug.Stack()}
			err = r.panicked
		}
		c.settle(r, creds, err)
	}()
	creds, err = c.provider.Retrieve(ctx)
	switch {
	case err == nil:
		err = creds.Validate()
	case ctx.Err() != nil:
		// The text, not the error: the context's would pass for the end of the
		// caller's.
		err = fmt.Errorf("%w: %v", errTimeout, err)
	}
}

// settle ends a retrieval. What it brought takes the place of the old credentials,
// unless those are valid and the new ones are not.
func (c *Cache) settle(r *retrieval, creds Credentials, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, old := time.Now(), c.current.Load()
	fresh := newIdentity(creds, now)
	if !r.refused && fresh.sameKeys(old) && old.refused.Load() {
		fresh.refused.Store(true) // the provider could not know
	}
	switch {
	case err != nil:
		r.err = err
	case fresh.valid(now) || !old.valid(now):
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
