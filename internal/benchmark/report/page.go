package report

import "github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"

// Page returns a document in Markdown: the charts, which are in the same directory, and the long table.
func Page(s *measure.Summary) string {
	return `# Benchmarks

This client beside the AWS SDK for Go v2, as it comes and [tuned](../internal/benchmark/README.md#tuned), and bare net/http,
all in one process and in turn. [internal/benchmark](../internal/benchmark/README.md) says what each measurement is, and is
not. The numbers and pictures below are made by two commands, run in internal/benchmark:

    go run ./cmd/compare -o results.json
    go run ./cmd/report

` + images(Charts(s), "") + Table(s)
}
