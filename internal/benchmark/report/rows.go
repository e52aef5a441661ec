package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// row is one line of the table.
type row struct {
	what            string
	benchmark, unit string
	show            func(float64) string
	above           bool   // compare what the clients cost above bare net/http, not all of it
	aim             string // of the ratio, or of our own value
	headline        bool   // part of the short table
}

// These make the list of rows readable.
func (w row) aboveBare() row      { w.above = true; return w }
func (w row) aims(aim string) row { w.aim = aim; return w.first() }
func (w row) first() row          { w.headline = true; return w }

func (w row) when(ok bool, then func(row) row) row {
	if ok {
		return then(w)
	}
	return w
}

func rows() (list []row) {
	add := func(rows ...row) { list = append(list, rows...) }
	line := func(what, benchmark, unit string, show func(float64) string) row {
		return row{what: what, benchmark: benchmark, unit: unit, show: show}
	}
	aims := func(aim string) func(row) row { return func(w row) row { return w.aims(aim) } }

	add(
		line("Call without a network: time", "Memory", "ns/op", duration).aboveBare().aims("≤ 0.15"),
		line("Call without a network: allocations", "Memory", "allocs/op", count).first(),
		line("Call without a network: bytes allocated", "Memory", "B/op", size),
		line("Error reply without a network: time", "MemoryError", "ns/op", duration).aboveBare(),
		line("Error reply without a network: allocations", "MemoryError", "allocs/op", count).first(),
	)
	for _, p := range suite.Payloads() {
		what, benchmark := "Loopback, "+spaced(p.Name)+" each way: ", "Loopback/payload="+p.Name
		add(line(what+"time", benchmark, "ns/op", duration).aboveBare().when(p.Name == "1KB", aims("≤ 0.15")))
		if p.Bytes <= 1<<10 {
			add(line(what+"CPU time", benchmark, "cpu-ns/op", duration).aboveBare().when(p.Name == "1KB", aims("≤ 0.15")))
			add(line(what+"allocations", benchmark, "allocs/op", count).when(p.Name == "1KB", aims("ours ≤ 60")))
			continue
		}
		payloads := func(bytes float64) string { return fmt.Sprintf("%.2f", bytes/float64(p.Bytes)) }
		add(line(what+"payloads allocated", benchmark, "B/op", payloads).when(p.Name == "6MB", aims("ours ≤ 1.05")))
	}
	add(
		line("Loopback, 1 KB each way, CPUs fall asleep: time", "LoopbackAsleep/payload=1KB", "ns/op", duration).aboveBare(),
		line("Loopback, 1 KB each way, CPUs fall asleep: CPU time", "LoopbackAsleep/payload=1KB", "cpu-ns/op", duration).aboveBare(),
		line("Loopback, error reply: time", "LoopbackError", "ns/op", duration).aboveBare(),
		line("Loopback, error reply: allocations", "LoopbackError", "allocs/op", count),
	)
	for _, c := range suite.Crowds() {
		what := "Loopback, 1 KB each way, " + callersOf(c.Callers) + tls(c.TLS) + ": CPU time of a call"
		add(line(what, c.Benchmark(), "cpu-ns/op", duration).aims("ours ≤ net/http"))
	}
	for _, c := range suite.Silents() {
		what := fmt.Sprintf("%d silent calls%s: ", c.Calls, tls(c.TLS))
		add(
			line(what+"heap and stacks of each", c.Benchmark(), "memory-B", size).aims("ours ≤ 0.6 of net/http"),
			line(what+"goroutines of each", c.Benchmark(), "goroutines", count).when(c.Calls == 1000, row.first),
		)
	}
	for _, n := range suite.Callers() {
		what, benchmark := "TLS, "+callersOf(n)+": ", suite.CallersBenchmark(n)
		add(
			line(what+"calls per second", benchmark, "calls/s", count).when(n == 256, aims("≥ 3")),
			line(what+"connections opened", benchmark, "connections", count).when(n == 256, row.first),
		)
	}
	add(throttled(line)...)
	add(
		line("Stack frames above the caller", "Depth", "frames", count).aims("ours ≤ 48"),
	)
	add(
		line("Program: size of the binary", "Program", "binary-B", size).aboveBare().aims("≤ 0.25"),
		line("Program with nothing but the types of the interface: size of the binary", "ProgramTypes", "binary-B", size).aboveBare().first(),
		line("Program: package initialisation", "Program", "init-ns", duration).aboveBare().aims("≈ 0"),
		line("Program: allocations of package initialisation", "Program", "init-allocs", count).aboveBare(),
		line("Program: start to end of one that does nothing", "Program", "start-ns", duration).aboveBare(),
		line("Program: start to first answer", "Program", "first-answer-ns", duration).aboveBare(),
		line("Program configured by its environment: size of the binary", "ProgramEnv", "binary-B", size).aboveBare().aims("≤ 0.25"),
		line("Program configured by its environment: start to first answer", "ProgramEnv", "first-answer-ns", duration).aboveBare().first(),
	)
	for _, f := range features.All() {
		add(line("What it adds to a program to use "+f.What, suite.FeatureBenchmark(f), "adds-B", size))
	}
	return list
}

func tls(secure bool) string {
	if secure {
		return " over TLS"
	}
	return ""
}

// spaced puts a space between a number and its unit.
func spaced(size string) string {
	unit := strings.TrimLeft(size, "0123456789")
	return strings.TrimSuffix(size, unit) + " " + unit
}

// callersOf is n callers in words.
func callersOf(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return fmt.Sprintf("%d callers", n)
}

// throttled makes the rows of the throttling measurement. Of several limits, the first is not shown: it is found like one
// that does not change.
func throttled(line func(what, benchmark, unit string, show func(float64) string) row) (list []row) {
	for _, a := range suite.Admissions() {
		for i, n := range a.Limits {
			if i == 0 && len(a.Limits) > 1 {
				continue
			}
			benchmark := a.Benchmark(n)
			what := fmt.Sprintf("Throttled above %d at a time: ", n)
			first := line(what+"answered per second", benchmark, "calls/s", count)
			if i > 0 {
				what = fmt.Sprintf("Throttled above %d at a time after %d: ", n, a.Limits[i-1])
				first = line(what+"of what as many workers reach", benchmark, "reached-%", percent)
			}
			rows := []row{
				first,
				line(what+"of what as many workers reach, once settled", benchmark, "settled-reached-%", percent).aims("ours ≥ 90 %"),
				line(what+"refused, once settled", benchmark, "settled-refused-%", percent).aims("ours < 2 %"),
				line(what+"items lost", benchmark, "lost-items-%", percent),
			}
			shown := i == 0 && n == suite.ThrottleShown
			for i := range rows {
				rows[i].headline = shown
			}
			if !shown {
				rows = rows[:len(rows)-1]
			}
			list = append(list, rows...)
		}
	}
	return list
}

// ratio is ours to the SDK's.
func (w row) ratio(r *measure.Results) string {
	floor, mark := "", ""
	if w.above {
		floor, mark = clients.Bare, "+"
	}
	v := r.Ratio(w.benchmark, w.unit, clients.Ours, clients.SDK, floor)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return fmt.Sprintf("%.2f%s", v, mark)
}
