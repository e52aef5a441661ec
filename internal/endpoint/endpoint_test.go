package endpoint_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

// reference is the service's own description of its partitions.
type reference struct {
	name, pattern, dnsSuffix, dualStackSuffix string
	regions                                   []string
}

func references() []reference {
	return []reference{
		{"aws", `^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$`, "amazonaws.com", "api.aws", []string{
			"us-east-1", "us-west-2", "eu-central-2", "ap-southeast-7", "sa-east-1", "ca-west-1", "me-south-1",
			"af-south-1", "il-central-1", "mx-central-1", "us-new-10", "aws-global",
		}},
		{"aws-cn", `^cn-\w+-\d+$`, "amazonaws.com.cn", "api.amazonwebservices.com.cn", []string{"cn-north-1", "cn-northwest-1", "cn-new-12", "aws-cn-global"}},
		{"aws-eusc", `^eusc-(de)-\w+-\d+$`, "amazonaws.eu", "api.amazonwebservices.eu", []string{"eusc-de-east-1"}},
		{"aws-iso", `^us-iso-\w+-\d+$`, "c2s.ic.gov", "api.aws.ic.gov", []string{"us-iso-east-1", "us-iso-west-1", "aws-iso-global"}},
		{"aws-iso-b", `^us-isob-\w+-\d+$`, "sc2s.sgov.gov", "api.aws.scloud", []string{"us-isob-east-1", "us-isob-west-1", "aws-iso-b-global"}},
		{"aws-iso-e", `^eu-isoe-\w+-\d+$`, "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", []string{"eu-isoe-west-1", "aws-iso-e-global"}},
		{"aws-iso-f", `^us-isof-\w+-\d+$`, "csp.hci.ic.gov", "api.aws.hci.ic.gov", []string{"us-isof-south-1", "us-isof-east-1", "aws-iso-f-global"}},
		{"aws-us-gov", `^us-gov-\w+-\d+$`, "amazonaws.com", "api.aws", []string{"us-gov-east-1", "us-gov-west-1", "aws-us-gov-global"}},
		{"none, so aws", `^$`, "amazonaws.com", "api.aws", []string{
			"xx-new-1", "local", "us-east-1a", "us-east", "us--1", "eusc-fr-east-1", "eusc-de-east",
			"us-iso-1-x", "cn-north", "US-EAST-1", "1", "aws-eusc-global",
		}},
	}
}

func TestResolveKnowsEveryPartitionAndVariant(t *testing.T) {
	for _, ref := range references() {
		for _, region := range ref.regions {
			t.Run(ref.name+"/"+region, func(t *testing.T) {
				for _, c := range []struct {
					fips, dualStack bool
					want            string
				}{
					{false, false, "lambda." + region + "." + ref.dnsSuffix},
					{true, false, "lambda-fips." + region + "." + ref.dnsSuffix},
					{false, true, "lambda." + region + "." + ref.dualStackSuffix},
					{true, true, "lambda-fips." + region + "." + ref.dualStackSuffix},
				} {
					got, err := endpoint.Resolve(endpoint.Input{Region: region, UseFIPS: c.fips, UseDualStack: c.dualStack})
					require.NoError(t, err)
					require.Equal(t, endpoint.Endpoint{Scheme: "https", Host: c.want, SigningRegion: region, FIPS: c.fips}, got)
				}
			})
		}
	}
}

func TestAPartitionContradictsTheRegionsOfOthers(t *testing.T) {
	for _, ref := range references() {
		if ref.name == "none, so aws" {
			continue
		}
		for _, region := range ref.regions {
			require.False(t, endpoint.Contradicts(ref.name, region), "%s %s", ref.name, region)
			require.False(t, endpoint.Contradicts("aws-new", region), "a partition that is not known")
			for _, other := range references() {
				if other.name != ref.name && other.name != "none, so aws" {
					require.True(t, endpoint.Contradicts(other.name, region), "%s %s", other.name, region)
				}
			}
		}
	}
	require.False(t, endpoint.Contradicts("aws", "not a region"))
}

func TestRegionsThatSpellFIPSAskForIt(t *testing.T) {
	for region, want := range map[string]string{
		"fips-us-east-1":      "us-east-1",
		"us-east-1-fips":      "us-east-1",
		"us-fips-east-1":      "us-east-1",
		"us-gov-west-1-fips":  "us-gov-west-1",
		"fips-us-gov-west-1":  "us-gov-west-1",
		"fips-aws-global":     "aws-global",
		"fips-us-east-1-fips": "us-east-1",
	} {
		t.Run(region, func(t *testing.T) {
			got, err := endpoint.Resolve(endpoint.Input{Region: region})
			require.NoError(t, err)
			require.Equal(t, endpoint.Endpoint{Scheme: "https", Host: "lambda-fips." + want + ".amazonaws.com", SigningRegion: want, FIPS: true}, got)

			got, err = endpoint.Resolve(endpoint.Input{Region: region, UseDualStack: true})
			require.NoError(t, err)
			require.Equal(t, "lambda-fips."+want+".api.aws", got.Host)

			_, err = endpoint.Resolve(endpoint.Input{Region: region, BaseEndpoint: "https://localhost"})
			require.ErrorContains(t, err, "FIPS")
		})
	}
}

func TestARegionMustBeAHostLabel(t *testing.T) {
	for _, region := range []string{
		" ", "us-east-1 ", " us-east-1", "us_east_1", "us.east.1", "-us", "us-", "us-east-1.evil.example/", "us-east-1#",
		"us-east-1?", "a@b", "a:1", "ü", "us-east-1\n", "\x00", strings.Repeat("a", 64), strings.Repeat("a", 1000), "fips-", "-fips",
		"fips--x", "x--fips", // no label is left without FIPS
	} {
		for _, base := range []string{"", "https://localhost"} {
			_, err := endpoint.Resolve(endpoint.Input{Region: region, BaseEndpoint: base})
			require.ErrorContains(t, err, "not valid", "%q", region)
			require.Less(t, len(err.Error()), 400)
		}
	}
	_, err := endpoint.Resolve(endpoint.Input{Region: strings.Repeat("a", 63)})
	require.NoError(t, err)

	for _, base := range []string{"", "https://localhost"} {
		_, err = endpoint.Resolve(endpoint.Input{BaseEndpoint: base})
		require.EqualError(t, err, "the region is missing: set Region, for example to us-east-1")
	}
}

// FuzzRegion holds the hand-written patterns against the regular expressions
// that the service describes its partitions with.
func FuzzRegion(f *testing.F) {
	for _, ref := range references() {
		for _, region := range ref.regions {
			f.Add(region)
		}
	}
	type compiled struct {
		pattern *regexp.Regexp
		suffix  string
	}
	var rows []compiled
	for _, ref := range references() {
		rows = append(rows, compiled{regexp.MustCompile(ref.pattern), ref.dnsSuffix})
	}
	f.Fuzz(func(t *testing.T, region string) {
		if strings.HasPrefix(region, "aws-") || strings.Contains(region, "fips") {
			return // pseudo regions have tests of their own
		}
		got, err := endpoint.Resolve(endpoint.Input{Region: region})
		if err != nil {
			require.NotRegexp(t, `^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`, region)
			return
		}
		want := "amazonaws.com"
		for _, row := range rows {
			if row.pattern.MatchString(region) {
				want = row.suffix
				break
			}
		}
		require.Equal(t, "lambda."+region+"."+want, got.Host)
	})
}

func BenchmarkResolve(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := endpoint.Resolve(endpoint.Input{Region: "us-gov-west-1"}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestResolveSTSKnowsItsTwoExceptions(t *testing.T) {
	for _, c := range []struct {
		in              endpoint.Input
		host, signedFor string
	}{
		{endpoint.Input{Region: "eu-central-1"}, "sts.eu-central-1.amazonaws.com", "eu-central-1"},
		{endpoint.Input{Region: "us-east-1", UseFIPS: true}, "sts-fips.us-east-1.amazonaws.com", "us-east-1"},
		{endpoint.Input{Region: "fips-us-east-1"}, "sts-fips.us-east-1.amazonaws.com", "us-east-1"},
		{endpoint.Input{Region: "eu-west-1", UseDualStack: true}, "sts.eu-west-1.api.aws", "eu-west-1"},
		{endpoint.Input{Region: "cn-north-1"}, "sts.cn-north-1.amazonaws.com.cn", "cn-north-1"},
		{endpoint.Input{Region: "us-gov-west-1"}, "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
		{endpoint.Input{Region: "us-gov-west-1", UseFIPS: true}, "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
		{endpoint.Input{Region: "us-gov-west-1", UseFIPS: true, UseDualStack: true}, "sts-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
		{endpoint.Input{Region: "aws-global"}, "sts.amazonaws.com", "us-east-1"},
		{endpoint.Input{Region: "aws-global", UseFIPS: true}, "sts-fips.aws-global.amazonaws.com", "aws-global"},
		{endpoint.Input{Region: "aws-global", BaseEndpoint: "http://sts.aws-global.example.com"}, "sts.aws-global.example.com", "aws-global"},
	} {
		got, err := endpoint.ResolveSTS(c.in)
		require.NoError(t, err)
		require.Equal(t, c.host, got.Host, "%+v", c.in)
		require.Equal(t, c.signedFor, got.SigningRegion, "%+v", c.in)
	}
	_, err := endpoint.ResolveSTS(endpoint.Input{Region: "a.b"})
	require.ErrorContains(t, err, "not valid")
	_, err = endpoint.ResolveSTS(endpoint.Input{Region: "eu-west-1", UseFIPS: true, BaseEndpoint: "https://localhost"})
	require.ErrorContains(t, err, "FIPS")
}
