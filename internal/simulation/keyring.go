package simulation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// keyring issues credentials and knows which of them hold.
type keyring struct {
	mu     sync.Mutex
	issued map[string]issued // by access key ID
}

type issued struct {
	credentials sigv4.Credentials
	ends        time.Time // when the service refuses them; zero: never
}

func newKeyring() *keyring { return &keyring{issued: make(map[string]issued)} }

// issue returns new credentials of a client. They expire after a time, zero for never, and the service may refuse them earlier.
func (k *keyring) issue(client int, life, accepted time.Duration) invoke.Credentials {
	k.mu.Lock()
	defer k.mu.Unlock()
	id := fmt.Sprintf("AKIA%d-%d", client, len(k.issued))
	c := invoke.Credentials{AccessKeyID: id, SecretAccessKey: "secret of " + id, SessionToken: "token of " + id}
	entry := issued{credentials: sigv4.Credentials{AccessKeyID: id, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}}
	if life > 0 {
		c.Expires = time.Now().Add(life)
		entry.ends = time.Now().Add(accepted)
	}
	k.issued[id] = entry
	return c
}

func (k *keyring) lookup(id string) (sigv4.Credentials, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	entry, ok := k.issued[id]
	return entry.credentials, ok
}

// expired reports whether the service refuses the credentials of a request.
func (k *keyring) expired(req *http.Request) bool {
	_, after, _ := strings.Cut(req.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(after, "/")
	k.mu.Lock()
	defer k.mu.Unlock()
	entry := k.issued[id]
	return !entry.ends.IsZero() && !time.Now().Before(entry.ends)
}

// provider gives a client credentials as its plan says.
type provider struct {
	seed   Seed
	client int
	plan   credentialsPlan
	keys   *keyring

	mu    sync.Mutex
	asked int
}

// credentialsPlan says how a client's credentials behave.
type credentialsPlan struct {
	life   time.Duration // 0: they do not expire
	revoke bool          // the service sometimes refuses them early
	fails  bool          // asking for them sometimes fails
	slow   bool          // or takes long
}

var errNoCredentials = errors.New("simulated: no credentials")

// Retrieve returns new credentials.
func (p *provider) Retrieve(ctx context.Context) (invoke.Credentials, error) {
	p.mu.Lock()
	p.asked++
	d := p.seed.dice("credentials", p.client, p.asked)
	p.mu.Unlock()
	if p.plan.slow {
		timer := time.NewTimer(d.between(time.Millisecond, 30*time.Second))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return invoke.Credentials{}, ctx.Err()
		}
	}
	if p.plan.fails && d.chance(0.3) {
		return invoke.Credentials{}, errNoCredentials
	}
	accepted := p.plan.life
	if p.plan.revoke && d.chance(0.5) {
		accepted = d.between(time.Second, p.plan.life)
	}
	return p.keys.issue(p.client, p.plan.life, accepted), nil
}
