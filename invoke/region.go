package invoke

import (
	"strings"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// followARN makes a call go to the region that an ARN names, if the options allow that. It returns what is wrong where the call must not
// be sent, else "". Where a base endpoint is set, nothing is checked: an emulator serves every region.
func (c *call) followARN(name string) (reason string) {
	cfg := c.config
	partition, region, ok := lambdaARN(name)
	switch {
	case !ok || cfg.BaseEndpoint != "":
		return ""
	case endpoint.Contradicts(partition, region):
		return "the ARN is of partition " + shown(partition) + ", which has no region " + shown(region)
	case region == cfg.endpoint.SigningRegion:
		return ""
	case !cfg.UseARNRegion:
		return "the ARN is of region " + shown(region) + " and the client of region " + cfg.endpoint.SigningRegion +
			": set Options.UseARNRegion to call it there, or use a client of that region"
	}
	resolved, err := endpoint.Resolve(endpoint.Input{
		Region:       region,
		UseFIPS:      cfg.UseFIPSEndpoint || cfg.endpoint.FIPS,
		UseDualStack: cfg.UseDualStackEndpoint,
	})
	if err != nil {
		return "the ARN is of no region: " + err.Error()
	}
	there := *cfg
	there.Region, there.endpoint, there.skew = region, resolved, new(atomic.Int64)
	c.config = &there
	return ""
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
