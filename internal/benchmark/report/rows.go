package report

import (
	"fmt"
	"slices"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// Shows is whether a table or a chart shows this unit of this benchmark. The rest need not be kept.
func Shows(benchmark, unit string) bool {
	return slices.ContainsFunc(slices.Concat(rows(), shortRows()), func(w row) bool {
		return w.benchmark == benchmark && w.unit == unit
	})
}

// rows are those of the long table.
func rows() []row {
	return slices.Concat(
		memoryRows(), loopbackRows(), crowdRows(), silentRows(), callerRows(), streamRows(), throttleRows(),
		programRows(), featureRows(),
		[]row{line("Stack frames above the caller", "Depth", "frames", count).aims("ours ≤ 48")},
	)
}

func memoryRows() []row {
	return []row{
		line("Call without a network: time", "Memory", "ns/op", duration).aboveBare().aims("≤ 0.15"),
		line("Call without a network: allocations", "Memory", "allocs/op", count),
		line("Call without a network: bytes allocated", "Memory", "B/op", size),
		line("Error reply without a network: time", "MemoryError", "ns/op", duration).aboveBare(),
		line("Error reply without a network: allocations", "MemoryError", "allocs/op", count),
	}
}

func loopbackRows() (list []row) {
	for _, p := range suite.Payloads() {
		what, benchmark := "Loopback, "+spaced(p.Name)+" each way: ", "Loopback/payload="+p.Name
		list = append(list, line(what+"time", benchmark, "ns/op", duration).aims("ours ≤ net/http"))
		if p.Bytes > 1<<10 {
			list = append(list, line(what+"payloads allocated", benchmark, "B/op", payloads(p.Bytes)))
			continue
		}
		list = append(list,
			line(what+"CPU time", benchmark, "cpu-ns/op", duration).aims("ours ≤ net/http"),
			line(what+"allocations", benchmark, "allocs/op", count),
			line(what+"bytes allocated", benchmark, "B/op", size))
	}
	return append(list,
		line("Loopback, 1 KB each way, CPUs fall asleep: time", "LoopbackAsleep/payload=1KB", "ns/op", duration),
		line("Loopback, 1 KB each way, CPUs fall asleep: CPU time", "LoopbackAsleep/payload=1KB", "cpu-ns/op", duration),
		line("Loopback, error reply: time", "LoopbackError", "ns/op", duration),
		line("Loopback, error reply: allocations", "LoopbackError", "allocs/op", count))
}

func crowdRows() (list []row) {
	for _, c := range suite.Crowds() {
		what := "Loopback, 1 KB each way, " + callersOf(c.Callers) + overTLS(c.TLS) + ": CPU time of a call"
		list = append(list, line(what, c.Benchmark(), "cpu-ns/op", duration).aims("ours ≤ net/http"))
	}
	return list
}

func silentRows() (list []row) {
	for _, c := range suite.Silents() {
		what := count(float64(c.Calls)) + " silent calls" + overTLS(c.TLS) + ": "
		list = append(list, line(what+"heap and stacks of each", c.Benchmark(), "memory-B", size).aims("ours ≤ 0.6 of net/http"))
		if !c.TLS {
			list = append(list, line(what+"goroutines of each", c.Benchmark(), "goroutines", count))
		}
		if c.Calls > 1000 {
			list = append(list, line(what+"running at the same time", c.Benchmark(), "running", count))
		}
	}
	return list
}

func callerRows() (list []row) {
	for _, n := range suite.Callers() {
		what, benchmark := "TLS, "+callersOf(n)+": ", suite.CallersBenchmark(n)
		list = append(list,
			line(what+"calls per second", benchmark, "calls/s", count),
			line(what+"connections opened", benchmark, "connections", count))
	}
	return list
}

func streamRows() []row {
	return []row{
		line("Response stream of 200 MB: MB per second", suite.StreamBenchmark, "MB/s", count),
		line("Response stream of 200 MB: CPU time", suite.StreamBenchmark, "cpu-ns/op", duration),
		line("Response stream of 200 MB: bytes allocated", suite.StreamBenchmark, "B/op", size),
	}
}

// throttleRows are those of the throttling measurement. Of several limits, the first is not shown: it is found like one
// that does not change.
func throttleRows() (list []row) {
	for _, a := range suite.Admissions() {
		for i, n := range a.Limits {
			if i == 0 && len(a.Limits) > 1 {
				continue
			}
			what := fmt.Sprintf("Throttled above %d at a time", n)
			if i > 0 {
				what += fmt.Sprintf(" after %d", a.Limits[i-1])
			}
			list = append(list,
				line(what+": of what as many workers reach", a.Benchmark(n), "reached-%", percent),
				line(what+": of what as many workers reach, once settled", a.Benchmark(n), "settled-reached-%", percent).aims("ours ≥ 90 %"),
				line(what+": refused", a.Benchmark(n), "refused-%", percent),
				line(what+": refused, once settled", a.Benchmark(n), "settled-refused-%", percent).aims("ours < 2 %"),
				line(what+": items lost", a.Benchmark(n), "lost-items-%", percent))
		}
	}
	return list
}

func programRows() []row {
	return []row{
		line("Program: size of the binary", "Program", "binary-B", size).aboveBare().aims("≤ 0.25"),
		line("Program with nothing but the types of the interface: size of the binary", "ProgramTypes", "binary-B", size).aboveBare(),
		line("Program: package initialisation", "Program", "init-ns", duration).aboveBare().aims("≈ 0"),
		line("Program: allocations of package initialisation", "Program", "init-allocs", count).aboveBare(),
		line("Program: start to end of one that does nothing", "Program", "start-ns", duration).aboveBare(),
		line("Program: start to first answer", "Program", "first-answer-ns", duration).aboveBare(),
		line("Program: start to first answer over TLS", "Program", "first-answer-tls-ns", duration).aboveBare(),
		line("Program configured by its environment: size of the binary", "ProgramEnv", "binary-B", size).aboveBare().aims("≤ 0.25"),
		line("Program configured by its environment: start to first answer", "ProgramEnv", "first-answer-ns", duration).aboveBare(),
		line("Program configured by its environment: start to first answer over TLS", "ProgramEnv", "first-answer-tls-ns", duration).aboveBare(),
	}
}

func featureRows() (list []row) {
	for _, f := range features.All() {
		list = append(list, line("What it adds to a program to use "+f.What, suite.FeatureBenchmark(f), "adds-B", size))
	}
	return list
}
