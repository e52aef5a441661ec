// Package page writes the report of a job: one page of HTML that needs nothing
// else, neither a network nor scripts.
package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/format"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

//go:embed page.html
var text string

// Data is what the page is about.
type Data struct {
	Function string
	Summary  stats.Summary
	Stopped  string  // why the job did not come to its end, "" if it did
	Billed   bool    // logs were asked for, so that there is a bill
	Cost     float64 // in dollars
}

// Write writes the page.
func Write(w io.Writer, d Data) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"count": format.Count, "count64": func(n int64) string { return format.Count(int(n)) }, "round": format.Duration,
		"share": func(n, of int) string { return strconv.FormatFloat(100*float64(n)/float64(max(of, 1)), 'f', 2, 64) },
		"line":  func(index int) string { return format.Count(index + 1) },
		"time":  func(t time.Time) string { return t.Format("2 January 2006, 15:04:05 MST") },
	}).Parse(text)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	s := d.Summary
	return page.Execute(w, view{
		Data: d, Counts: s.Counts, Items: s.Counts.Items(), Before: s.Before.Items(),
		Rate:        int(float64(s.Counts.Items()-s.Before.Items()) / max(s.Took.Seconds(), 0.001)),
		Concurrency: concurrencyChart(s.Timeline), Throttled: throttleChart(s.Timeline), Latency: latencyChart(s.Buckets),
		Span: span(s.Timeline),
	})
}

// view is what the template shows.
type view struct {
	Data
	Counts      stats.Counts
	Items       int
	Before      int
	Rate        int
	Concurrency chart
	Throttled   chart
	Latency     []bar
	Span        []string // labels of the time axis
}
