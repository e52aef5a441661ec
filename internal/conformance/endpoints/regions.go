// Package endpoints compares where the two clients would send a call, for every region that the AWS SDK for Go knows and
// for random ones.
package endpoints

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const sdkModule = "github.com/aws/aws-sdk-go-v2"

// Regions reads every region, pseudo-regions such as aws-global among them, out of the partition file of the SDK's module
// in the version that this module requires. The SDK does not export it.
func Regions() ([]string, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", sdkModule).Output()
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", sdkModule, err)
	}
	raw, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "endpoints", "awsrulesfn", "partitions.json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Partitions []struct {
			Regions map[string]json.RawMessage `json:"regions"`
		} `json:"partitions"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	var regions []string
	for _, p := range file.Partitions {
		for region := range p.Regions {
			regions = append(regions, region)
		}
	}
	slices.Sort(regions)
	return regions, nil
}
