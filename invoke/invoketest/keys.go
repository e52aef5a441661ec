package invoketest

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// keyring holds the credentials that a server knows. Each server makes its
// own, so that a request meant for another is refused.
type keyring struct {
	mu      sync.Mutex
	current invoke.Credentials
	expired map[string]invoke.Credentials // by access key ID
}

// RotateCredentials gives the server new credentials, which the provider of
// [Server.Options] returns from now on. Requests signed with those it had are
// answered with ExpiredTokenException.
func (s *Server) RotateCredentials() { s.keys.rotate(s.config.SessionToken) }

func (k *keyring) rotate(withToken bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current.AccessKeyID != "" {
		if k.expired == nil {
			k.expired = make(map[string]invoke.Credentials)
		}
		k.expired[k.current.AccessKeyID] = k.current
	}
	k.current = invoke.Credentials{
		AccessKeyID:     "AKIA" + rand.Text()[:16],
		SecretAccessKey: (rand.Text() + rand.Text())[:40],
	}
	if withToken {
		k.current.AccessKeyID = "ASIA" + k.current.AccessKeyID[4:]
		k.current.SessionToken = rand.Text() + "/+" + rand.Text() + "=="
	}
}

// retrieve is what a CredentialsProvider has to do.
func (k *keyring) retrieve(context.Context) (invoke.Credentials, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.current, nil
}

// lookup finds credentials for the verifier, expired ones too: that a request
// is expired is said only to who signed it rightly.
func (k *keyring) lookup(accessKeyID string) (sigv4.Credentials, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, ok := k.current, k.current.AccessKeyID == accessKeyID
	if !ok {
		found, ok = k.expired[accessKeyID]
	}
	return sigv4.Credentials{
		AccessKeyID:     found.AccessKeyID,
		SecretAccessKey: found.SecretAccessKey,
		SessionToken:    found.SessionToken,
	}, ok
}

func (k *keyring) isExpired(accessKeyID string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.expired[accessKeyID]
	return ok
}
