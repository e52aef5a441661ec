package environment

import (
	"context"
	"crypto/x509"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	environ "github.com/lambda-invoke/lambda-invoke-go/internal/credentials/environment"
)

// OurCredentials asks the provider that the environment stands for once.
func OurCredentials(ctx context.Context) (credentials.Credentials, error) {
	provider, err := environ.Provider(environ.Config{Getenv: os.Getenv, Region: os.Getenv("AWS_REGION"), RootCAs: func() *x509.CertPool { return nil }})
	if err != nil {
		return credentials.Credentials{}, err
	}
	return provider.Retrieve(ctx)
}

// SDKCredentials does the same with the SDK, which need not wait between two attempts.
func SDKCredentials(ctx context.Context) (credentials.Credentials, error) {
	cfg, err := config.LoadDefaultConfig(ctx, append(sharedFiles(), config.WithRetryer(func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}))...)
	if err != nil {
		return credentials.Credentials{}, err
	}
	creds, err := cfg.Credentials.Retrieve(ctx)
	return credentials.Credentials{
		AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey, SessionToken: creds.SessionToken, Expires: creds.Expires,
	}, err
}
