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

// Readme returns the README's text with the short table of r in place of the one that it has.
func Readme(text string, r *measure.Results) (string, error) {
	before, rest, begins := strings.Cut(text, tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return "", fmt.Errorf("the README has no table between %q and %q", strings.TrimSpace(tableBegins), strings.TrimSpace(tableEnds))
	}
	var table strings.Builder
	if err := Table(&table, r, false); err != nil {
		return "", err
	}
	return before + tableBegins + "\n" + table.String() + tableEnds + after, nil
}
