package invoke

import (
	"strings"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// destination is where requests go.
type destination struct {
	endpoint.Endpoint
	// skew is the clock there less the local one, in nanoseconds, as the last
	// response told. The calls of all that share the destination learn it.
	skew atomic.Int64
}

// destinationOf returns where a call of a function goes: to the client's endpoint,
// or to the region that an ARN names if the options allow that. reason says why the
// call must not be sent, "" for none. Where a base endpoint is set, nothing is
// checked: an emulator serves every region.
func (cfg *config) destinationOf(functionName string) (d *destination, reason string) {
	home := cfg.destination
	partition, region, ok := lambdaARN(functionName)
	switch {
	case !ok || cfg.BaseEndpoint != "":
		return home, ""
	case endpoint.Contradicts(partition, region):
		return home, "the ARN is of partition " + shown(partition) + ", which has no region " + shown(region)
	case region == home.SigningRegion:
		return home, ""
	case !cfg.UseARNRegion:
		return home, "the ARN is of region " + shown(region) + " and the client of region " + home.SigningRegion +
			": set Options.UseARNRegion to call it there, or use a client of that region"
	}
	resolved, err := endpoint.Resolve(endpoint.Input{
		Region:       region,
		UseFIPS:      cfg.UseFIPSEndpoint || home.FIPS,
		UseDualStack: cfg.UseDualStackEndpoint,
	})
	if err != nil {
		return home, "the ARN is of no region: " + err.Error()
	}
	return &destination{Endpoint: resolved}, ""
}

func shown(part string) string { return printable.Text(part, 63) }

// lambdaARN returns the partition and region of an ARN of Lambda's: of a function, a version, an alias or an execution.
func lambdaARN(name string) (partition, region string, ok bool) {
	rest, isARN := strings.CutPrefix(name, "arn:")
	if !isARN {
		return "", "", false
	}
	partition, rest, _ = strings.Cut(rest, ":")
	service, rest, _ := strings.Cut(rest, ":")
	region, _, ok = strings.Cut(rest, ":")
	return partition, region, ok && service == "lambda" && region != ""
}
