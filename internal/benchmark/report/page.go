package report

import (
	"fmt"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Page writes a document in Markdown: the charts and the whole table. The charts are in the same directory.
func Page(w io.Writer, r *measure.Results) error {
	text := `# Benchmarks

This client beside the AWS SDK for Go v2 and bare net/http, all three in one process and in turn. What each measurement
is, and is not, stands in [internal/benchmark](../internal/benchmark/README.md). The numbers and pictures below are made
by two commands, run in internal/benchmark:

    go run ./cmd/compare -o results.json
    go run ./cmd/report

`
	for _, c := range Charts(r) {
		text += fmt.Sprintf(`<picture>
  <source media="(prefers-color-scheme: dark)" srcset="%[1]s-dark.svg">
  <img alt="%[2]s" src="%[1]s-light.svg">
</picture>

`, c.Name, c.title)
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	return Table(w, r, true)
}
