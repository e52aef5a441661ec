// Package report shows results: as input of benchstat, as tables in Markdown, and as charts.
package report

import (
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Table returns the long table, in Markdown: every row that was measured, with ratios.
func Table(s *measure.Summary) string {
	text := "| | lambda-invoke-go | aws-sdk-go-v2 | the same, tuned | net/http | ratio | to tuned | aim |\n" +
		"|---|--:|--:|--:|--:|--:|--:|--:|\n"
	for _, w := range rows() {
		if w.measured(s) {
			cells := append(w.cells(s), w.ratio(s, clients.SDK), w.ratio(s, clients.Tuned), w.aim)
			text += "| " + strings.Join(cells, " | ") + " |\n"
		}
	}
	return text + "\nRatio: this client's value to that of the AWS SDK as it comes, and as it is tuned; where marked +, what each adds " +
		"to bare net/http is compared. Medians of interleaved rounds, " + machine(s.Machine) + ".\n"
}

// ShortTable returns the rows that say most, in Markdown.
func ShortTable(s *measure.Summary) string {
	text := "| | this library | AWS SDK | AWS SDK, tuned | net/http |\n|---|--:|--:|--:|--:|\n"
	for _, w := range shortRows() {
		if w.measured(s) {
			text += "| " + strings.Join(w.cells(s), " | ") + " |\n"
		}
	}
	return text
}

// cells are what a row is about, and each client's value.
func (w row) cells(s *measure.Summary) []string {
	cells := []string{w.what}
	for _, name := range clients.Names() {
		cells = append(cells, w.text(s, name))
	}
	return cells
}
