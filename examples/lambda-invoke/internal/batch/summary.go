package batch

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

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
	fmt.Fprintf(w, "lambda-invoke: %s items: %s done, %s failed, %s may have run", count(c.Items()), count(c.Done), count(c.Failed), count(c.Unknown))
	if before := s.Before.Items(); before > 0 {
		fmt.Fprintf(w, "; %s of them before", count(before))
	}
	fmt.Fprintln(w)
	line := func(name, format string, values ...any) {
		fmt.Fprintf(w, "  %-9s %s\n", name, fmt.Sprintf(format, values...))
	}
	now := c.Items() - s.Before.Items()
	line("time", "%s, %s items a second, %s requests throttled", rounded(s.Took), count(int(float64(now)/max(s.Took.Seconds(), 0.001))), count(c.Throttled))
	if s.Calls > 0 {
		line("latency", "median %s, 95%% %s, 99%% %s, slowest %s", rounded(s.Median), rounded(s.P95), rounded(s.P99), rounded(s.Slowest))
	}
	if j.o.log {
		b := s.Bill
		line("billed", "%s, %.3f GB-seconds, memory %d of %d MB at most, %s cold starts", rounded(b.Billed), b.GBSeconds, b.MaxMemory, b.MemorySize, count(b.InitReports))
		line("cost", "about $%.6f for the %s of %s calls with a report, at $%g a GB-second and $0.20 a million", cost(b, j.o.price), count(b.Reports), count(int(s.Calls)), j.o.price)
	}
	for _, k := range s.Kinds {
		line("error", "%s × %s, such as line %s: %s", count(k.Count), terminal.Printable(k.Type), count(k.Index+1), terminal.Printable(firstLine(k.Failure.Message)))
	}
	if j.empty > 0 {
		line("empty", "%s lines were passed over", count(j.empty))
	}
	if j.left > 0 {
		line("left", "%s items were read and not run", count(j.left))
	}
	if j.cutShort {
		line("input", "it ends in the middle of its last line, which is read again by the next start")
	}
}

// count writes a number with commas.
func count(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// rounded is a duration in three digits or so.
func rounded(d time.Duration) time.Duration {
	for unit := time.Hour; unit >= time.Microsecond; unit /= 10 {
		if d >= unit*10 {
			return d.Round(unit / 10)
		}
	}
	return d.Round(time.Microsecond)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	const most = 160
	if r := []rune(line); len(r) > most {
		return string(r[:most]) + "…"
	}
	return line
}
