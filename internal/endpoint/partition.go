package endpoint

import "strings"

// partition is a group of regions that share their domains.
type partition struct {
	name            string
	prefixes        []string // of its regions: what is left is a word, a hyphen and a number
	global          string   // its pseudo region, which has no number
	dnsSuffix       string
	dualStackSuffix string
}

// partitions is read only. The first one also has every region that none of the
// others claims, so that a new region works before it is known here.
var partitions = [...]partition{
	{"aws", []string{"us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"}, "aws-global", "amazonaws.com", "api.aws"},
	{"aws-cn", []string{"cn-"}, "aws-cn-global", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
	{"aws-eusc", []string{"eusc-de-"}, "", "amazonaws.eu", "api.amazonwebservices.eu"},
	{"aws-iso", []string{"us-iso-"}, "aws-iso-global", "c2s.ic.gov", "api.aws.ic.gov"},
	{"aws-iso-b", []string{"us-isob-"}, "aws-iso-b-global", "sc2s.sgov.gov", "api.aws.scloud"},
	{"aws-iso-e", []string{"eu-isoe-"}, "aws-iso-e-global", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
	{"aws-iso-f", []string{"us-isof-"}, "aws-iso-f-global", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
	{"aws-us-gov", []string{"us-gov-"}, "aws-us-gov-global", "amazonaws.com", "api.aws"},
}

// Contradicts reports whether a region is known to belong to another partition than the named one. A partition that is not known here
// contradicts nothing, so that a new one works.
func Contradicts(partition, region string) bool {
	if !isHostLabel(region) || partitionOf(region).name == partition {
		return false
	}
	for i := range partitions {
		if partitions[i].name == partition {
			return true
		}
	}
	return false
}

// partitionOf returns the partition of a region that is a valid host label.
func partitionOf(region string) *partition {
	for i := range partitions {
		if partitions[i].has(region) {
			return &partitions[i]
		}
	}
	return &partitions[0]
}

func (p *partition) has(region string) bool {
	if region == p.global {
		return true
	}
	for _, prefix := range p.prefixes {
		if rest, ok := strings.CutPrefix(region, prefix); ok {
			word, number, _ := strings.Cut(rest, "-")
			if word != "" && number != "" && strings.Trim(number, "0123456789") == "" {
				return true // the word is alphanumeric, since region is a host label
			}
		}
	}
	return false
}

// isServiceHost tells whether a host name is, or is within, a domain of any
// partition.
func isServiceHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for i := range partitions {
		if within(host, partitions[i].dnsSuffix) || within(host, partitions[i].dualStackSuffix) {
			return true
		}
	}
	return false
}

func within(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}
