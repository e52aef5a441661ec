package endpoints_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/endpoints"
)

const randomRegions = 3000

func TestEveryRegionOfTheSDKHasTheSameEndpointsInEveryVariant(t *testing.T) {
	regions, err := endpoints.Regions()
	require.NoError(t, err)
	require.Greater(t, len(regions), 40)
	for _, region := range regions {
		requireEqualTargets(t, region)
	}
}

func TestRandomRegionsHaveTheSameEndpointsInEveryVariant(t *testing.T) {
	for seed := range uint64(randomRegions) {
		requireEqualTargets(t, endpoints.Random(seed))
	}
}

func TestRegionsThatSpellFIPSHaveTheSameEndpoints(t *testing.T) {
	for _, region := range []string{"fips-us-east-1", "us-east-1-fips", "us-fips-east-1", "us-gov-west-1-fips", "fips-us-gov-east-1", "fips-aws-global", "fips"} {
		for _, dual := range []bool{false, true} {
			v := endpoints.Variant{Region: region, DualStack: dual}
			want, err := endpoints.Client(v)
			require.NoError(t, err)
			got, err := endpoints.Ours(v)
			require.NoError(t, err)
			require.Equal(t, want.URL, got.URL)
		}
	}
}

// The service's regions have no "fips" in their names, and a signature for one that does not exist is refused.
func TestRegionsThatSpellFIPSAreSignedForTheRegionThatExists(t *testing.T) {
	v := endpoints.Variant{Region: "fips-us-east-1"}
	ours, err := endpoints.Ours(v)
	require.NoError(t, err)
	require.Equal(t, "us-east-1", ours.SigningRegion)
	sdk, err := endpoints.Client(v)
	require.NoError(t, err)
	require.Equal(t, "fips-us-east-1", sdk.SigningRegion)
}

// A region becomes a part of the host's name. One with dots in it would make labels of its own.
func TestRegionsOfSeveralLabelsAreRefused(t *testing.T) {
	v := endpoints.Variant{Region: "us-east-1.example"}
	_, err := endpoints.Ours(v)
	require.ErrorContains(t, err, "region")
	sdk, err := endpoints.Client(v)
	require.NoError(t, err)
	require.Contains(t, sdk.URL, "https://lambda.us-east-1.example.amazonaws.com/")
}

func TestBaseEndpointsThatCanOnlyBeMistakesAreRefused(t *testing.T) {
	for _, base := range []string{
		"http://lambda.us-east-1.amazonaws.com", "https://user:password@example.com", "https://example.com/?query", "https://example.com/#fragment",
	} {
		v := endpoints.Variant{Region: "us-east-1", BaseEndpoint: base}
		_, err := endpoints.Ours(v)
		require.Error(t, err, base)
		_, err = endpoints.Client(v)
		require.NoError(t, err, base)
	}
}

func TestBaseEndpointsAreUsedAsTheSDKUsesThem(t *testing.T) {
	for _, base := range []string{
		"https://example.com", "https://example.com/", "https://example.com:8443/a/b", "https://example.com/a/b/",
		"http://localhost:4566", "http://127.0.0.1:3002/", "http://[::1]:3002/base", "https://example.com:443", "http://example.com:80/x",
	} {
		for _, fips := range []bool{false, true} {
			for _, dual := range []bool{false, true} {
				requireEqual(t, endpoints.Variant{Region: "eu-west-1", FIPS: fips, DualStack: dual, BaseEndpoint: base}, endpoints.Client)
			}
		}
	}
}

// requireEqualTargets compares every variant of a region: with the SDK's client, and with the resolver it is built on.
func requireEqualTargets(t *testing.T, region string) {
	t.Helper()
	for _, fips := range []bool{false, true} {
		for _, dual := range []bool{false, true} {
			v := endpoints.Variant{Region: region, FIPS: fips, DualStack: dual}
			requireEqual(t, v, endpoints.Client)
			if _, err := endpoints.Client(v); err == nil {
				requireEqual(t, v, endpoints.Rules) // which trusts the client to have refused what is no region
			}
		}
	}
}

func requireEqual(t *testing.T, v endpoints.Variant, sdk func(endpoints.Variant) (endpoints.Target, error)) {
	t.Helper()
	want, wantErr := sdk(v)
	got, err := endpoints.Ours(v)
	if wantErr != nil {
		require.Error(t, err, "%+v: the SDK says %v", v, wantErr)
		return
	}
	require.NoError(t, err, "%+v", v)
	require.Equal(t, want, got, "%+v", v)
}
