package batch

import (
	"fmt"
	"io"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/format"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
)

// Prices in us-east-1 for x86, which is where an estimate has to begin.
const (
	pricePerGBSecond = 0.0000166667
	pricePerRequest  = 0.20 / 1e6
)

// cost estimates what the calls cost.
func cost(b stats.Bill, perGBSecond float64) float64 {
	return b.GBSeconds*perGBSecond + float64(b.Reports)*pricePerRequest
}

// writeSummary tells about the job when it is over.
func (j *job) writeSummary(w io.Writer, s stats.Summary) {
	c := s.Counts
	fmt.Fprintf(w, "lambda-invoke: %s items: %s done, %s failed, %s may have run", format.Count(c.Items()), format.Count(c.Done), format.Count(c.Failed), format.Count(c.Unknown))
	if before := s.Before.Items(); before > 0 {
		fmt.Fprintf(w, "; %s of them before", format.Count(before))
	}
	fmt.Fprintln(w)
	line := func(name, format string, values ...any) {
		fmt.Fprintf(w, "  %-9s %s\n", name, fmt.Sprintf(format, values...))
	}
	now := c.Items() - s.Before.Items()
	line("time", "%s, %s items a second, %s requests throttled", format.Duration(s.Took), format.Count(int(float64(now)/max(s.Took.Seconds(), 0.001))), format.Count(c.Throttled))
	if s.Calls > 0 {
		line("latency", "median %s, 95%% %s, 99%% %s, slowest %s", format.Duration(s.Median), format.Duration(s.P95), format.Duration(s.P99), format.Duration(s.Slowest))
	}
	if j.o.log {
		b := s.Bill
		line("billed", "%s, %.3f GB-seconds, memory %d of %d MB at most, %s cold starts", format.Duration(b.Billed), b.GBSeconds, b.MaxMemory, b.MemorySize, format.Count(b.InitReports))
		line("cost", "about $%.6f for the %s of %s calls with a report, at $%g a GB-second and $0.20 a million", cost(b, j.o.price), format.Count(b.Reports), format.Count(int(s.Calls)), j.o.price)
	}
	for _, k := range s.Kinds {
		line("error", "%s × %s, such as line %s: %s", format.Count(k.Count), terminal.Printable(k.Type), format.Count(k.Index+1), terminal.Printable(firstLine(k.Failure.Message)))
	}
	if j.empty > 0 {
		line("empty", "%s lines were passed over", format.Count(j.empty))
	}
	if j.left > 0 {
		line("left", "%s items were read and not run", format.Count(j.left))
	}
	if j.cutShort {
		line("input", "it ends in the middle of its last line, which is read again by the next start")
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	const most = 160
	if r := []rune(line); len(r) > most {
		return string(r[:most]) + "…"
	}
	return line
}
