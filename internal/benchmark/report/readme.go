package report

import (
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// The lines of the README between which the short table stands.
const (
	tableBegins = "<!-- The table is written by internal/benchmark/cmd/report. -->\n"
	tableEnds   = "<!-- End of the table. -->\n"
)

// Readme returns the README's text with the first two charts and the short table of s in place of those that it has.
func Readme(text string, s *measure.Summary) (string, error) {
	before, rest, begins := strings.Cut(text, tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return "", fmt.Errorf("the README has no table between %q and %q", strings.TrimSpace(tableBegins), strings.TrimSpace(tableEnds))
	}
	charts := Charts(s)
	table := images(charts[:min(len(charts), 2)], "docs/") + ShortTable(s) +
		"\nThe AWS SDK for Go v2 as it comes, and as an experienced user [tunes it](internal/benchmark/README.md#tuned); medians on " +
		machine(s.Machine) + ". [All results](docs/benchmarks.md).\n"
	return before + tableBegins + "\n" + table + tableEnds + after, nil
}
