package endpoints

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// prefixes begin the regions of every partition, and names that come close to one.
var prefixes = []string{
	"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx", "cn", "eusc-de", "eusc-fr", "eusc",
	"us-iso", "us-isob", "eu-isoe", "us-isof", "us-gov", "us-isox", "eu-iso", "xx", "usx", "gov", "new",
}

var directions = []string{"east", "west", "north", "south", "central", "northeast", "a_b", "x1", "", "east-2", "gov", "iso"}

// Random is a name built like a region, the one that seed stands for; many are in no partition's pattern.
func Random(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 3))
	parts := []string{prefixes[r.IntN(len(prefixes))], directions[r.IntN(len(directions))]}
	switch r.IntN(5) {
	case 0: // no number
	case 1:
		parts = append(parts, strconv.Itoa(r.IntN(1000)), "x")
	default:
		parts = append(parts, strconv.Itoa(r.IntN(20)))
	}
	if r.IntN(20) == 0 {
		parts[r.IntN(len(parts))] = strings.ToUpper(parts[0])
	}
	return strings.Join(parts, "-")
}
