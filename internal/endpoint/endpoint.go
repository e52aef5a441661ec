// Package endpoint finds the address of Lambda, and of the service that issues
// credentials (STS), for a region, in every partition, with its FIPS and dual-stack
// variants, and checks an address that the user gives instead.
package endpoint

import (
	"errors"
	"fmt"
	"strings"
)

// Input is what an endpoint is resolved from.
type Input struct {
	// Region is required, with a BaseEndpoint too, because requests are signed
	// for it. A region that spells FIPS into its name, such as fips-us-east-1 or
	// us-east-1-fips, stands for the region without it and sets UseFIPS.
	Region string
	// UseFIPS and UseDualStack choose the variant. Neither goes with BaseEndpoint.
	UseFIPS, UseDualStack bool
	// BaseEndpoint, when not empty, replaces the resolved endpoint. It is an http
	// or https URL, maybe with a port and a path. Plain http is refused for the
	// service's own domains, where it would show payloads to the network.
	BaseEndpoint string
}

// Endpoint is where requests go to.
type Endpoint struct {
	// Scheme is http or https.
	Scheme string
	// Host is a name or an address, maybe with a port, as in a URL.
	Host string
	// BasePath and RawBasePath, decoded and as escaped, come before the path of
	// each request. Both are empty or start with a slash; neither ends with one,
	// unless as an escaped one.
	BasePath, RawBasePath string
	// SigningRegion is the region to sign for: Input.Region, less what spells FIPS
	// into its name.
	SigningRegion string
	// FIPS says that the endpoint is the one with validated cryptography.
	FIPS bool
}

// Resolve returns Lambda's endpoint for in, or an error that says what to do. No
// error repeats a part of the base endpoint that may be secret.
func Resolve(in Input) (Endpoint, error) {
	return resolve("lambda", in)
}

// ResolveSTS is [Resolve] for STS, which has two names that its regions do not tell.
func ResolveSTS(in Input) (Endpoint, error) {
	e, err := resolve("sts", in)
	if err != nil || in.BaseEndpoint != "" {
		return e, err
	}
	p := partitionOf(e.SigningRegion)
	switch {
	case e.Host == "sts.aws-global.amazonaws.com":
		e.Host, e.SigningRegion = "sts.amazonaws.com", "us-east-1"
	case p.global == "aws-us-gov-global" && e.Host == "sts-fips."+e.SigningRegion+"."+p.dnsSuffix:
		e.Host = "sts." + e.SigningRegion + "." + p.dnsSuffix // has validated cryptography itself
	}
	return e, nil
}

func resolve(service string, in Input) (Endpoint, error) {
	region, fips, err := resolveRegion(in.Region)
	if err != nil {
		return Endpoint{}, err
	}
	fips = fips || in.UseFIPS
	if in.BaseEndpoint != "" {
		switch {
		case fips:
			return Endpoint{}, errors.New("a base endpoint cannot be combined with FIPS: give the base endpoint of a FIPS service without asking for FIPS, or leave the base endpoint out")
		case in.UseDualStack:
			return Endpoint{}, errors.New("a base endpoint cannot be combined with dual-stack: give the base endpoint of a dual-stack service without asking for dual-stack, or leave the base endpoint out")
		}
		e, err := parseBase(in.BaseEndpoint)
		if err != nil {
			return Endpoint{}, err
		}
		e.SigningRegion = region
		return e, nil
	}
	p := partitionOf(region)
	suffix := p.dnsSuffix
	if fips {
		service += "-fips"
	}
	if in.UseDualStack {
		suffix = p.dualStackSuffix
	}
	return Endpoint{Scheme: "https", Host: service + "." + region + "." + suffix, SigningRegion: region, FIPS: fips}, nil
}

// resolveRegion checks a region's name, and takes FIPS out of it.
func resolveRegion(name string) (region string, fips bool, err error) {
	if name == "" {
		return "", false, errors.New("the region is missing: set Region, for example to us-east-1")
	}
	if !isHostLabel(name) {
		return "", false, invalidRegion(name)
	}
	region = strings.ReplaceAll(name, "-fips-", "-")
	region = strings.ReplaceAll(region, "fips-", "")
	region = strings.ReplaceAll(region, "-fips", "")
	if !isHostLabel(region) {
		return "", false, invalidRegion(name)
	}
	return region, region != name, nil
}

func invalidRegion(name string) error {
	const longest = 80 // keeps a pasted file out of the error
	if len(name) > longest {
		name = name[:longest] + "…"
	}
	return fmt.Errorf("the region %q is not valid: it must be one host label of letters, digits and hyphens, for example us-east-1", name)
}

// isHostLabel tells whether s is a host label by RFC 1123. A region becomes part
// of the host, so anything else could send requests to somebody else's.
func isHostLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}

func isAlphanumeric(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}
