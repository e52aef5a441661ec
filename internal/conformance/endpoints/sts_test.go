package endpoints_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/endpoints"
)

func TestEveryRegionHasTheEndpointOfSTSThatTheSDKFinds(t *testing.T) {
	regions, err := endpoints.Regions()
	require.NoError(t, err)
	for seed := range uint64(randomRegions / 10) {
		regions = append(regions, endpoints.Random(seed))
	}
	regions = append(regions, "fips-us-east-1", "us-east-1-fips", "us-gov-west-1-fips", "fips-aws-global", "us-gov-new-7")
	for _, region := range regions {
		for _, fips := range []bool{false, true} {
			for _, dual := range []bool{false, true} {
				requireEqualSTS(t, endpoints.Variant{Region: region, FIPS: fips, DualStack: dual})
			}
		}
	}
}

// A slash at the end of a base endpoint that has a path is not kept, as for Lambda.
func TestBaseEndpointsOfSTSAreUsedAsTheSDKUsesThem(t *testing.T) {
	for _, base := range []string{"https://example.com", "https://example.com/", "https://example.com:8443/a/b", "http://localhost:4566", "http://127.0.0.1:3002/"} {
		for _, fips := range []bool{false, true} {
			for _, dual := range []bool{false, true} {
				requireEqualSTS(t, endpoints.Variant{Region: "eu-west-1", FIPS: fips, DualStack: dual, BaseEndpoint: base})
			}
		}
	}
}

func requireEqualSTS(t *testing.T, v endpoints.Variant) {
	t.Helper()
	want, wantErr := endpoints.STS(v)
	got, err := endpoints.OurSTS(v)
	if wantErr != nil {
		require.Error(t, err, "%+v: the SDK says %v", v, wantErr)
		return
	}
	require.NoError(t, err, "%+v", v)
	require.Equal(t, want, got, "%+v", v)
}
