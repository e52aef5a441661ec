package report

import "github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"

// shortRows are those of the README: what matters to somebody who decides.
func shortRows() []row {
	const kb = "Loopback/payload=1KB"
	var (
		crowd  = suite.Crowd{TLS: true, Callers: 64}.Benchmark()
		many   = suite.CallersBenchmark(256)
		silent = suite.Silent{TLS: true, Calls: 1000}.Benchmark()
		shown  = suite.ThrottleBenchmark(suite.ThrottleShown)
	)
	return []row{
		line("A call without a network: time", "Memory", "ns/op", duration),
		line("A call of 1 KB: time", kb, "ns/op", duration),
		line("A call of 1 KB: allocations", kb, "allocs/op", count),
		line("CPU time of a call, 64 callers over TLS", crowd, "cpu-ns/op", duration),
		line("256 callers over TLS: calls per second", many, "calls/s", count),
		line("A silent call over TLS: memory", silent, "memory-B", size),
		line("A silent call over TLS: goroutines", silent, "goroutines", count),
		line("200 MB streamed: CPU time", suite.StreamBenchmark, "cpu-ns/op", duration),
		line("Size of a program above one with net/http", "ProgramEnv", "binary-B", size).addedToBare(),
		line("A program's first answer over TLS", "ProgramEnv", "first-answer-tls-ns", duration),
		line("Throttled above 50 calls at a time: items lost", shown, "lost-items-%", percent),
		line("Throttled above 50 calls at a time: requests refused", shown, "refused-%", percent),
	}
}
