// Report makes documents of what cmd/compare measured: a page with the table, and the charts, each for light and for dark
// backgrounds. It writes the short table into the README, and prints it.
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
	results, err := measure.Load(from)
	if err != nil {
		return err
	}
	for _, chart := range report.Charts(results) {
		for _, theme := range report.Themes() {
			err := create(filepath.Join(to, chart.Name+"-"+theme.Name+".svg"), func(f *os.File) error { return chart.SVG(f, theme) })
			if err != nil {
				return err
			}
		}
	}
	err = create(filepath.Join(to, "benchmarks.md"), func(f *os.File) error { return report.Page(f, results) })
	if err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	updated, err := report.Readme(string(text), results)
	if err != nil {
		return err
	}
	if err := create(readme, func(f *os.File) error { _, err := f.WriteString(updated); return err }); err != nil {
		return err
	}
	return report.Table(os.Stdout, results, false)
}

func create(name string, fill func(*os.File) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := fill(f); err != nil {
		return err
	}
	return f.Close()
}
