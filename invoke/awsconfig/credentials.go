package awsconfig

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// credentials asks a provider of the SDK's. Retrieve is called by one goroutine
// at a time, as invoke.CredentialsProvider has it.
type credentials struct {
	provider aws.CredentialsProvider

	// Of the credentials handed out last.
	accessKeyID string
	expires     time.Time
}

// Format keeps fmt out of the provider, which may hold secrets in plain fields
// and changes while it is in use.
func (c *credentials) Format(f fmt.State, _ rune) {
	io.WriteString(f, "CredentialsProvider(aws-sdk-go-v2, secret hidden)")
}

// Retrieve returns the provider's credentials. The client asks a second time
// only because those it has are about to expire or no longer accepted, so the
// same ones again, from a cache that waits until their last moment, would not
// help: then the cache is made to ask anew.
func (c *credentials) Retrieve(ctx context.Context) (invoke.Credentials, error) {
	creds, err := c.provider.Retrieve(ctx)
	if err != nil {
		return invoke.Credentials{}, err
	}
	if cache, ok := c.provider.(interface{ Invalidate() }); ok && creds.AccessKeyID == c.accessKeyID && creds.Expires.Equal(c.expires) {
		cache.Invalidate()
		if creds, err = c.provider.Retrieve(ctx); err != nil {
			return invoke.Credentials{}, err
		}
	}
	c.accessKeyID, c.expires = creds.AccessKeyID, creds.Expires
	converted := invoke.Credentials{
		AccessKeyID:     creds.AccessKeyID,
		SecretAccessKey: creds.SecretAccessKey,
		SessionToken:    creds.SessionToken,
	}
	if creds.CanExpire {
		converted.Expires = creds.Expires
	}
	return converted, nil
}
