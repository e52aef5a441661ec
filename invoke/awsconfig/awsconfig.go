// Package awsconfig makes [invoke.Options] from the configuration that the AWS
// SDK for Go finds: shared files and their profiles, SSO, assumed roles, web
// identity, container and instance credentials.
//
//	opts, err := awsconfig.Load(ctx, config.WithSharedConfigProfile("work"))
//	if err != nil {
//		return err
//	}
//	client, err := invoke.New(opts)
//
// It is a module of its own, so that only programs that import it depend on
// aws-sdk-go-v2; and it uses that SDK's configuration alone, not its Lambda client.
package awsconfig

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig/internal/metadata"
)

// serviceID is how the SDK's configuration calls the service.
const serviceID = "Lambda"

// Load returns the options that the SDK's default configuration stands for,
// as [config.LoadDefaultConfig] finds it with optFns. See [FromConfig] for what
// is carried over. Credentials are looked for but not asked for anything yet;
// what is wrong with them shows in the first call. An error here is a file or
// variable that cannot be understood, or a profile that does not exist. A
// region that is configured nowhere is left empty: invoke.New refuses that, unless
// the program sets it, and its error names the profile that has none.
func Load(ctx context.Context, optFns ...func(*config.LoadOptions) error) (invoke.Options, error) {
	if ctx == nil {
		return invoke.Options{}, errors.New("awsconfig: the context is nil; pass context.Background() where there is no other")
	}
	cfg, err := config.LoadDefaultConfig(ctx, optFns...)
	if err != nil {
		return invoke.Options{}, fmt.Errorf("awsconfig: %w", err)
	}
	return FromConfig(cfg), nil
}

// FromConfig returns the options that cfg stands for:
//
//   - Region and AppID as they are.
//   - Credentials, refreshed ahead of their expiry as [invoke.Options] has it. For
//     that, a cache of the SDK's around them is told to forget what it has.
//   - BaseEndpoint as the SDK's Lambda client has it: the endpoint for Lambda of
//     environment and profile, else the general one.
//   - UseFIPSEndpoint and UseDualStackEndpoint from cfg.ConfigSources.
//   - Retry.MaxAttempts from RetryMaxAttempts, else from the Retryer. Of a Retryer
//     of the SDK's standard kind come also its codes, as Retry.Retryable, its
//     longest delay, its BaseDelay and its quota (RateLimiter). What may have run
//     the function is retried only if the call is idempotent, whatever a Retryer
//     says.
//   - HTTPClient, if it is not one of the SDK's own making. The SDK's client with
//     nothing changed but its TLS configuration (which is what a CA bundle does)
//     gives way to transport.NewClient with that TLS configuration, because the
//     SDK's keeps ten idle connections, and speaks HTTP/2 where it can. With any
//     other change it is carried over as it is, a timeout included.
//   - APIOptions. Ahead of them and after them comes what their middleware reads:
//     aws/middleware's GetServiceID, GetOperationName, GetRegion and the SDK's
//     logger from the context, GetRequestIDMetadata and GetRawResponse from the
//     metadata. The region is cfg's, also for a call that changes Options.Region.
//     Middleware that is added later, at the very front of the Initialize step,
//     runs before these values are there. The input that middleware sees is an
//     [*invoke.InvokeInput], or [*invoke.InvokeWithResponseStreamInput].
//
// Interceptors, ServiceOptions, the logger's mode and settings for other
// services are not carried over, and neither is RetryMode: there is one way to
// retry, which package retry describes.
//
// What is set in code and cannot be carried over is refused, by an error from
// invoke.New that says what to set instead: a Retryer of another kind, such as
// that of the adaptive mode or one of your own, unless it makes one attempt only;
// and the deprecated EndpointResolver and EndpointResolverWithOptions, because
// requests that they mean for elsewhere must not go to AWS.
//
// FromConfig asks nothing of the network, and cfg is not kept.
func FromConfig(cfg aws.Config) invoke.Options {
	policy, refused := retryPolicy(cfg)
	opts := invoke.Options{
		Region:               cfg.Region,
		BaseEndpoint:         baseEndpoint(cfg),
		UseFIPSEndpoint:      useFIPS(cfg.ConfigSources),
		UseDualStackEndpoint: useDualStack(cfg.ConfigSources),
		HTTPClient:           httpClient(cfg.HTTPClient),
		Retry:                policy,
		APIOptions:           apiOptions(cfg, errors.Join(refused, endpointResolver(cfg))),
		AppID:                cfg.AppID,
	}
	if cfg.Credentials != nil {
		opts.Credentials = &credentials{provider: cfg.Credentials, regionAdvice: regionAdvice(cfg.ConfigSources)}
	}
	return opts
}

// apiOptions returns the middleware of cfg between what it needs. Where
// something of cfg is refused, invoke.New reports that.
func apiOptions(cfg aws.Config, refused error) []func(*middleware.Stack) error {
	if refused != nil {
		return []func(*middleware.Stack) error{func(*middleware.Stack) error { return refused }}
	}
	return slices.Concat(
		[]func(*middleware.Stack) error{metadata.AddResponse},
		cfg.APIOptions,
		[]func(*middleware.Stack) error{metadata.AddService(cfg.Region, cfg.Logger)},
	)
}

// endpointResolver refuses the resolvers of former versions of the SDK.
func endpointResolver(cfg aws.Config) error {
	//lint:ignore SA1019 what is deprecated may still be set
	if cfg.EndpointResolver != nil || cfg.EndpointResolverWithOptions != nil {
		return errors.New("awsconfig: aws.Config has an EndpointResolver, which is deprecated and not supported: set BaseEndpoint instead")
	}
	return nil
}

// regionAdvice says where a region that is missing could have come from.
func regionAdvice(sources []any) string {
	profile := "the profile"
	for _, source := range sources {
		if shared, ok := source.(config.SharedConfig); ok && shared.Profile != "" {
			profile = fmt.Sprintf("profile %q", shared.Profile)
		}
	}
	return profile + " has none, and neither AWS_REGION nor AWS_DEFAULT_REGION is set: set one of the three or Options.Region; " +
		"on EC2, give awsconfig.Load the option config.WithEC2IMDSRegion()"
}
