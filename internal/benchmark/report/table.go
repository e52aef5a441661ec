// Package report shows results: as input of benchstat, as a table in Markdown, and as charts.
package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Table writes the medians as a table in Markdown: all of them, or those that say most.
func Table(w io.Writer, r *measure.Results, all bool) error {
	text := "| | lambda-invoke-go | aws-sdk-go-v2 | net/http | ratio | aim |\n|---|--:|--:|--:|--:|--:|\n"
	for _, row := range rows() {
		if math.IsNaN(r.Median(row.benchmark, clients.Ours, row.unit)) || !all && !row.headline {
			continue // not measured in this run, or not asked for
		}
		text += "| " + row.what
		for _, name := range clients.Names() {
			text += " | " + shown(row.show, r.Median(row.benchmark, name, row.unit))
		}
		text += " | " + row.ratio(r) + " | " + row.aim + " |\n"
	}
	text += "\nRatio: this client's value to the AWS SDK's; where marked +, what each adds to bare net/http is compared. " +
		"Medians of interleaved rounds, " + machine(r.Machine) + ".\n"
	_, err := io.WriteString(w, text)
	return err
}

func machine(m measure.Machine) string {
	text := fmt.Sprintf("%d CPUs (%s), %s/%s, %s", m.CPUs, m.CPU, m.OS, m.Arch, m.GoVersion)
	return strings.ReplaceAll(text, "(R)", "")
}

func shown(show func(float64) string, v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return show(v)
}

func duration(ns float64) string {
	switch {
	case ns < 1e6:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	default:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	}
}

func size(bytes float64) string {
	switch {
	case bytes < 1e4:
		return fmt.Sprintf("%.0f B", bytes)
	case bytes < 1e6:
		return fmt.Sprintf("%.1f kB", bytes/1e3)
	default:
		return fmt.Sprintf("%.2f MB", bytes/1e6)
	}
}

func count(v float64) string   { return fmt.Sprintf("%.0f", v) }
func percent(v float64) string { return fmt.Sprintf("%.1f %%", v) }
