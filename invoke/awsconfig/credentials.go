package awsconfig

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// credentials asks a provider of the SDK's. It keeps nothing, so clients may share
// it.
type credentials struct {
	provider     aws.CredentialsProvider
	regionAdvice string
}

// RegionAdvice is what invoke.New says of options without a region.
func (c *credentials) RegionAdvice() string { return c.regionAdvice }

// Format keeps fmt out of the provider, which may hold secrets in plain fields
// and changes while it is in use.
func (c *credentials) Format(f fmt.State, _ rune) {
	io.WriteString(f, "CredentialsProvider(aws-sdk-go-v2, secret hidden)")
}

// Retrieve returns the provider's credentials. Those that the client wants others
// for, again, from a cache that waits until their last moment, would not help: then
// the cache is made to ask anew.
func (c *credentials) Retrieve(ctx context.Context) (invoke.Credentials, error) {
	creds, err := c.provider.Retrieve(ctx)
	if err != nil {
		return invoke.Credentials{}, err
	}
	cache, caches := c.provider.(interface{ Invalidate() })
	if stale, ok := invoke.StaleCredentials(ctx); ok && caches && same(creds, stale) {
		cache.Invalidate()
		if creds, err = c.provider.Retrieve(ctx); err != nil {
			return invoke.Credentials{}, err
		}
	}
	return convert(creds), nil
}

func same(a aws.Credentials, b invoke.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecretAccessKey == b.SecretAccessKey && a.SessionToken == b.SessionToken
}

func convert(creds aws.Credentials) invoke.Credentials {
	converted := invoke.Credentials{
		AccessKeyID:     creds.AccessKeyID,
		SecretAccessKey: creds.SecretAccessKey,
		SessionToken:    creds.SessionToken,
	}
	if creds.CanExpire {
		converted.Expires = creds.Expires
	}
	return converted
}
