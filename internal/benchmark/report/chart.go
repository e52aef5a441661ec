package report

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// Chart is a picture that says one thing: a bar for each client.
type Chart struct {
	Name  string // of its file, without extension
	title string
	unit  string // what the bars are, and which is better
	bars  []bar
}

type bar struct {
	client string
	value  float64
	text   string // what stands behind it
}

// Charts makes the charts that the results have numbers for.
func Charts(s *measure.Summary) (charts []Chart) {
	const less, more = "less is better", "more is better"
	var (
		many   = suite.CallersBenchmark(256)
		silent = suite.Silent{TLS: true, Calls: 1000}.Benchmark()
		crowd  = suite.Crowd{TLS: true, Callers: 64}.Benchmark()
	)
	for _, c := range []Chart{
		newChart(s, "callers", "256 callers share one client over TLS", "calls per second, "+more, line("", many, "calls/s", count)),
		newChart(s, "silent", "A call waits for its function over TLS", "memory that it holds, "+less, line("", silent, "memory-B", size)),
		newChart(s, "cpu", "64 callers make small calls over TLS", "CPU time of a call, "+less, line("", crowd, "cpu-ns/op", duration)),
		newChart(s, "binary", "What the client adds to a program", "size of the binary above net/http, "+less,
			line("", "ProgramEnv", "binary-B", size).addedToBare()),
	} {
		if len(c.bars) > 0 {
			charts = append(charts, c)
		}
	}
	return charts
}

// newChart makes a chart of a row, without bars where something was not measured.
func newChart(s *measure.Summary, name, title, unit string, w row) Chart {
	c := Chart{Name: name, title: title, unit: unit}
	for _, client := range clients.Names() {
		v := w.value(s, client)
		switch {
		case !math.IsNaN(v):
			c.bars = append(c.bars, bar{client, max(v, 0), w.show(v)})
		case !w.added || client != clients.Bare:
			return Chart{}
		}
	}
	return c
}

// images shows the charts, in Markdown. Two stand side by side where there is room.
func images(charts []Chart, dir string) string {
	var text strings.Builder
	for _, c := range charts {
		fmt.Fprintf(&text, "<img src=\"%s%s.svg\" width=\"%d\" alt=\"%s\">\n", dir, c.Name, chartWidth, html.EscapeString(c.alt()))
	}
	if text.Len() > 0 {
		text.WriteByte('\n')
	}
	return text.String()
}

// alt says the same in words.
func (c Chart) alt() string {
	text := c.title + ": " + c.unit + "."
	for _, b := range c.bars {
		text += " " + titles[b.client] + " " + b.text + "."
	}
	return text
}
