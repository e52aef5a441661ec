package awsconfig_test

//lint:file-ignore SA1019 deprecated resolvers are what these tests are about

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

func TestAnEndpointResolverIsRefusedInsteadOfPassedOver(t *testing.T) {
	elsewhere := aws.Endpoint{URL: "http://localhost:4566"}
	for name, cfg := range map[string]aws.Config{
		"of the first kind": {EndpointResolver: aws.EndpointResolverFunc(
			func(string, string) (aws.Endpoint, error) { return elsewhere, nil })},
		"of the second kind": {EndpointResolverWithOptions: aws.EndpointResolverWithOptionsFunc(
			func(string, string, ...any) (aws.Endpoint, error) { return elsewhere, nil })},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.Region, cfg.Credentials = "us-east-1", staticProvider()
			_, err := invoke.New(awsconfig.FromConfig(cfg))
			require.ErrorContains(t, err, "EndpointResolver")
			require.ErrorContains(t, err, "set BaseEndpoint instead")
		})
	}
}
