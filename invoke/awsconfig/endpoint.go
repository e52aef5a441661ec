package awsconfig

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// What the SDK's service clients ask of configuration sources. The SDK keeps
// these interfaces in an internal package; sources outside of it may implement
// them too.
type (
	serviceEndpointSource interface {
		GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
	}
	fipsSource interface {
		GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error)
	}
	dualStackSource interface {
		GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error)
	}
)

// baseEndpoint looks for the endpoint of Lambda in the sources, which come in
// order of precedence, and for the general one in cfg. Between the two sources
// for Lambda, environment and profile, the environment's general endpoint has
// its place: it is nearer than any file.
func baseEndpoint(cfg aws.Config) string {
	general := aws.ToString(cfg.BaseEndpoint)
	if ignored, _, _ := config.GetIgnoreConfiguredEndpoints(context.Background(), cfg.ConfigSources); ignored {
		return general
	}
	for _, source := range cfg.ConfigSources {
		if s, ok := source.(serviceEndpointSource); ok {
			if url, found, err := s.GetServiceBaseEndpoint(context.Background(), serviceID); found && err == nil {
				return url
			}
		}
		if env, ok := source.(config.EnvConfig); ok && env.BaseEndpoint != "" {
			return general
		}
	}
	return general
}

func useFIPS(sources []any) bool {
	for _, source := range sources {
		if s, ok := source.(fipsSource); ok {
			if state, found, err := s.GetUseFIPSEndpoint(context.Background()); found || err != nil {
				return err == nil && state == aws.FIPSEndpointStateEnabled
			}
		}
	}
	return false
}

func useDualStack(sources []any) bool {
	for _, source := range sources {
		if s, ok := source.(dualStackSource); ok {
			if state, found, err := s.GetUseDualStackEndpoint(context.Background()); found || err != nil {
				return err == nil && state == aws.DualStackEndpointStateEnabled
			}
		}
	}
	return false
}
