package report

import (
	"fmt"
	"math"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// row is one line of the table.
type row struct {
	what            string
	benchmark, unit string
	show            func(float64) string
	// above compares what the clients cost above bare net/http instead of all of it.
	above bool
	aim   string // of the ratio, or of our own value; empty for none
}

func rows() []row {
	list := []row{
		{"no network: time", "Memory", "ns/op", duration, true, "≤ 0.15"},
		{"no network: allocations", "Memory", "allocs/op", count, false, ""},
		{"no network: bytes allocated", "Memory", "B/op", size, false, ""},
		{"no network, error reply: time", "MemoryError", "ns/op", duration, true, ""},
		{"no network, error reply: allocations", "MemoryError", "allocs/op", count, false, ""},
	}
	for _, p := range suite.Payloads() {
		b := "Loopback/payload=" + p.Name
		list = append(list, row{"loopback, " + p.Name + ": time", b, "ns/op", duration, true, aimAt(p, "1KB", "≤ 0.15")})
		if p.Bytes < 10<<10 {
			list = append(list,
				row{"loopback, " + p.Name + ": CPU time", b, "cpu-ns/op", duration, true, aimAt(p, "1KB", "≤ 0.15")},
				row{"loopback, " + p.Name + ": allocations", b, "allocs/op", count, false, aimAt(p, "1KB", "ours ≤ 60")})
		} else {
			payloads := func(v float64) string { return fmt.Sprintf("%.2f", v/float64(p.Bytes)) }
			list = append(list, row{"loopback, " + p.Name + ": payloads allocated", b, "B/op", payloads, false, aimAt(p, "6MB", "ours ≤ 1.05")})
		}
	}
	list = append(list,
		row{"loopback, error reply: time", "LoopbackError", "ns/op", duration, true, ""},
		row{"loopback, error reply: allocations", "LoopbackError", "allocs/op", count, false, ""},
	)
	for _, n := range suite.Callers() {
		b, aim := fmt.Sprintf("TLS/callers=%d", n), ""
		if n == 256 {
			aim = "≥ 3"
		}
		list = append(list,
			row{fmt.Sprintf("TLS, %d callers: calls per second", n), b, "calls/s", count, false, aim},
			row{fmt.Sprintf("TLS, %d callers: connections opened", n), b, "connections", count, false, ""})
	}
	return append(list,
		row{"throttled: calls answered per second, of 1000 admitted", "Throttle", "calls/s", count, false, ""},
		row{"throttled: requests refused", "Throttle", "refused-%", percent, false, ""},
		row{"throttled: items lost", "Throttle", "lost-items-%", percent, false, ""},
		row{"stack frames above the caller", "Depth", "frames", count, false, "ours ≤ 48"},
		row{"binary size", "Program", "binary-B", size, true, "≤ 0.25"},
		row{"package initialisation: time", "Program", "init-ns", duration, true, "≈ 0"},
		row{"package initialisation: allocations", "Program", "init-allocs", count, true, ""},
		row{"process that does nothing", "Program", "start-ns", duration, true, "≈ 0"},
		row{"process start to first answer", "Program", "first-answer-ns", duration, true, ""},
	)
}

func aimAt(p suite.Payload, name, aim string) string {
	if p.Name == name {
		return aim
	}
	return ""
}

// ratio is ours to the SDK's.
func (w row) ratio(r *measure.Results) string {
	floor := ""
	if w.above {
		floor = clients.Bare
	}
	v := r.Ratio(w.benchmark, w.unit, clients.Ours, clients.SDK, floor)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return fmt.Sprintf("%.2f", v)
}
