// Report makes documents of what cmd/compare measured: a page with the long table, and the charts. It writes the short
// table into the README, and prints it.
//
//	go run ./cmd/report -from results.json -to ../../docs -readme ../../README.md
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/report"
)

func main() {
	from := flag.String("from", "results.json", "the file that cmd/compare -o wrote")
	to := flag.String("to", "../../docs", "the directory for the documents")
	readme := flag.String("readme", "../../README.md", "the file with the short table")
	flag.Parse()
	if err := write(*from, *to, *readme); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func write(from, to, readme string) error {
	summary, err := measure.Load(from)
	if err != nil {
		return err
	}
	for _, chart := range report.Charts(summary) {
		if err := save(filepath.Join(to, chart.Name+".svg"), chart.SVG()); err != nil {
			return err
		}
	}
	if err := save(filepath.Join(to, "benchmarks.md"), report.Page(summary)); err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	updated, err := report.Readme(string(text), summary)
	if err != nil {
		return err
	}
	if err := save(readme, updated); err != nil {
		return err
	}
	_, err = fmt.Print(report.ShortTable(summary))
	return err
}

func save(name, text string) error { return os.WriteFile(name, []byte(text), 0o644) }
