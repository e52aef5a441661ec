package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"sync"
	"sync/atomic"
)

// signingKey is a key derived for one day, region and service, together with
// what it was derived from. It is immutable, but for its pool of keyed hashes.
type signingKey struct {
	accessKeyID, secret  string
	day, region, service string
	macs                 sync.Pool // of hash.Hash: setting one up costs two SHA-256 blocks
}

func newSigningKey(creds *Credentials, day, region, service string) *signingKey {
	sum := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	derived := sum([]byte("AWS4"+creds.SecretAccessKey), day)
	derived = sum(derived, region)
	derived = sum(derived, service)
	derived = sum(derived, terminator)

	k := &signingKey{
		accessKeyID: creds.AccessKeyID,
		secret:      creds.SecretAccessKey,
		day:         strings.Clone(day), // the caller's is on its stack
		region:      region,
		service:     service,
	}
	k.macs.New = func() any { return hmac.New(sha256.New, derived) }
	return k
}

// mac appends the HMAC-SHA256 of text to dst.
func (k *signingKey) mac(dst, text []byte) []byte {
	h := k.macs.Get().(hash.Hash)
	h.Reset()
	h.Write(text)
	dst = h.Sum(dst)
	k.macs.Put(h)
	return dst
}

func (k *signingKey) appendScope(dst []byte) []byte {
	dst = append(dst, k.day...)
	dst = append(dst, '/')
	dst = append(dst, k.region...)
	dst = append(dst, '/')
	dst = append(dst, k.service...)
	return append(dst, "/"+terminator...)
}

// matches compares the secret too: two secrets under one access key ID, such as
// the wrong one and its correction, must not share a key.
func (k *signingKey) matches(creds *Credentials, day, region, service string) bool {
	return k.day == day && k.region == region && k.service == service &&
		k.accessKeyID == creds.AccessKeyID && k.secret == creds.SecretAccessKey
}

// maxCachedKeys bounds the cache. A client needs one key, and a second one for
// the moments around midnight or a change of credentials; a miss costs
// microseconds.
const maxCachedKeys = 16

// keyCache is a short list of keys, newest first, that is replaced as a whole,
// so that readers take no lock.
type keyCache struct {
	list atomic.Pointer[[]*signingKey]
	mu   sync.Mutex // held by the one who replaces list
}

func (c *keyCache) get(creds *Credentials, day, region, service string) *signingKey {
	if k := c.find(creds, day, region, service); k != nil {
		return k
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.find(creds, day, region, service); k != nil {
		return k // another goroutine derived it while this one waited
	}
	k := newSigningKey(creds, day, region, service)
	list := []*signingKey{k}
	if old := c.list.Load(); old != nil {
		list = append(list, (*old)[:min(len(*old), maxCachedKeys-1)]...)
	}
	c.list.Store(&list)
	return k
}

func (c *keyCache) find(creds *Credentials, day, region, service string) *signingKey {
	list := c.list.Load()
	if list == nil {
		return nil
	}
	for _, k := range *list {
		if k.matches(creds, day, region, service) {
			return k
		}
	}
	return nil
}
