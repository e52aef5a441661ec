package report

import (
	"fmt"
	"math"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// Chart is a picture of some of the results.
type Chart struct {
	Name   string // of its files, without theme and extension
	title  string
	note   string
	panels []panel
}

// panel is a group of bars on one scale.
type panel struct {
	title string
	bars  []bar
}

type bar struct {
	client string
	value  float64
	text   string // what stands behind it
}

// Charts makes the charts that the results have numbers for.
func Charts(r *measure.Results) (charts []Chart) {
	for _, c := range []Chart{costs(r), callers(r)} {
		if len(c.panels) > 0 {
			c.note = machine(r.Machine)
			charts = append(charts, c)
		}
	}
	return charts
}

// costs shows what each client costs. Less is better.
func costs(r *measure.Results) Chart {
	c := Chart{Name: "costs", title: "What a call costs, and a program that makes one: less is better"}
	both := []string{clients.Ours, clients.SDK}
	add := func(title, benchmark, unit string, names []string, show func(float64) string) {
		c.add(title, names, func(name string) (float64, string) {
			v := r.Median(benchmark, name, unit)
			return v, show(v)
		})
	}
	above := func(title, benchmark, unit string, show func(float64) string) {
		c.add(title, both, func(name string) (float64, string) {
			v := r.Median(benchmark, name, unit) - r.Median(benchmark, clients.Bare, unit)
			return v, show(v)
		})
	}
	payloads := func(bytes float64) string { return fmt.Sprintf("%.2f", bytes/(6<<20)) }
	above("CPU time above net/http, without a network", "Memory", "cpu-ns/op", duration)
	add("Allocations, 1 KB each way over loopback", "Loopback/payload=1KB", "allocs/op", clients.Names(), count)
	add("Memory allocated for 6 MB each way, in payloads", "Loopback/payload=6MB", "B/op", clients.Names(), payloads)
	above("What the client adds to a binary", "ProgramEnv", "binary-B", size)
	above("Allocations before main begins, above net/http's", "Program", "init-allocs", count)
	add("Items lost while the service throttles", suite.ThrottleBenchmark(suite.ThrottleShown), "lost-items-%", both, percent)
	return c
}

// callers shows how many calls go through one client. More is better.
func callers(r *measure.Results) Chart {
	c := Chart{Name: "callers", title: "Calls per second over TLS, each client with its defaults: more is better"}
	for _, n := range suite.Callers() {
		b := suite.CallersBenchmark(n)
		c.add(callersOf(n), clients.Names(), func(name string) (float64, string) {
			v := r.Median(b, name, "calls/s")
			return v, fmt.Sprintf("%.0f over %.0f connections", v, r.Median(b, name, "connections"))
		})
	}
	return c
}

// add adds a panel, unless one of its numbers was not measured.
func (c *Chart) add(title string, names []string, value func(name string) (float64, string)) {
	p := panel{title: title}
	for _, name := range names {
		v, text := value(name)
		if math.IsNaN(v) {
			return
		}
		p.bars = append(p.bars, bar{name, max(v, 0), text})
	}
	c.panels = append(c.panels, p)
}
