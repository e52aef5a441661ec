package report_test

import (
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/report"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// some returns a summary of results of which a part was not measured.
func some() *measure.Summary {
	s := &measure.Samples{Machine: measure.Machine{OS: "linux", Arch: "amd64", CPU: "Some(R) <CPU>", CPUs: 2, GoVersion: "go1"}}
	s.Add(suite.FeatureBenchmark(features.All()[0]), clients.Ours, map[string]float64{"adds-B": 123456})
	for i, name := range clients.Names() {
		v := float64(i + 1)
		for range 2 {
			s.Add("Memory", name, map[string]float64{"ns/op": 1e3 * v, "cpu-ns/op": 1e3 * v, "allocs/op": 10 * v})
		}
		if name != clients.Tuned {
			s.Add("Program", name, map[string]float64{"binary-B": 1e6 * v})
		}
		s.Add("ProgramEnv", name, map[string]float64{"binary-B": 1e6 * (10 - v)})
		for _, n := range suite.Callers() {
			s.Add(suite.CallersBenchmark(n), name, map[string]float64{"calls/s": 1000 * v, "connections": v})
		}
	}
	return summary(s)
}

func summary(s *measure.Samples) *measure.Summary {
	return measure.Summarize(s, clients.Ours, clients.Bare, report.Shows)
}

func TestBenchstatGetsALineForEveryRound(t *testing.T) {
	var r measure.Samples
	r.Machine = measure.Machine{OS: "linux", Arch: "amd64", CPU: "cpu", CPUs: 2}
	r.Add("Memory", "a", map[string]float64{"ns/op": 1234.5, "B/op": 7})
	r.Add("Memory", "a", map[string]float64{"ns/op": 1300})
	var text strings.Builder
	require.NoError(t, report.Benchstat(&text, &r))
	require.Equal(t, "goos: linux\ngoarch: amd64\ncpu: cpu\n"+
		"BenchmarkMemory/client=a-2 1 7 B/op 1234.5 ns/op\n"+
		"BenchmarkMemory/client=a-2 1 1300 ns/op\n", text.String())
}

func TestTableShowsWhatWasMeasured(t *testing.T) {
	long := report.Table(some())
	require.Contains(t, long, "| Call without a network: time | 1.0 µs | 2.0 µs | 3.0 µs | 4.0 µs | 1.50+ | 3.00+ | ≤ 0.15 |\n")
	require.Contains(t, long, "| Call without a network: allocations | 10 | 20 | 30 | 40 | 0.50 | 0.33 |  |\n")
	require.Contains(t, long, "| Program: size of the binary | 1.00 MB | 2.00 MB |  | 4.00 MB | 1.50+ |  | ≤ 0.25 |\n")
	require.Contains(t, long, "2 CPUs (Some <CPU>), linux/amd64, go1")
	require.Contains(t, long, "| What it adds to a program to use LogTo(*slog.Logger), with log/slog | 123.5 kB |  |  |  |  |  |  |\n")
	require.NotContains(t, long, "NaN")
	require.NotContains(t, long, "Throttled")
}

func TestShortTableShowsWhatTheClientsAddToAProgram(t *testing.T) {
	require.Equal(t, `| | this library | AWS SDK | AWS SDK, tuned | net/http |
|---|--:|--:|--:|--:|
| A call without a network: time | 1.0 µs | 2.0 µs | 3.0 µs | 4.0 µs |
| 256 callers over TLS: calls per second | 1,000 | 2,000 | 3,000 | 4,000 |
| Size of a program above one with net/http | 3.00 MB | 2.00 MB | 1.00 MB |  |
`, report.ShortTable(some()))
}

func TestTableShowsLimitsThatDoNotChangeAndWhatTheOthersChangedTo(t *testing.T) {
	s := new(measure.Samples)
	for _, a := range suite.Admissions() {
		for _, n := range a.Limits {
			for _, name := range []string{clients.Ours, clients.SDK, clients.Tuned} {
				s.Add(a.Benchmark(n), name, map[string]float64{
					"calls/s": 1, "reached-%": 2, "settled-reached-%": 3, "refused-%": 4, "settled-refused-%": 4, "lost-items-%": 5,
				})
			}
		}
	}
	long := report.Table(summary(s))
	require.Contains(t, long, "| Throttled above 500 at a time: of what as many workers reach, once settled | 3.0 % | 3.0 % | 3.0 % |  | 1.00 | 1.00 | ours ≥ 90 % |\n")
	require.Contains(t, long, "| Throttled above 200 at a time after 50: of what as many workers reach | 2.0 % | 2.0 % | 2.0 % |  | 1.00 | 1.00 |  |\n")
	require.Equal(t, 1, strings.Count(long, "Throttled above 50 at a time: items lost"))
	require.Equal(t, 2, strings.Count(report.ShortTable(summary(s)), "Throttled"))
}

func TestChartsAreDrawnOfWhatWasMeasured(t *testing.T) {
	require.Empty(t, report.Charts(new(measure.Summary)))
	var names []string
	for _, chart := range report.Charts(some()) {
		names = append(names, chart.Name)
		svg := chart.SVG()
		require.NotContains(t, svg, "NaN")
		require.NotContains(t, svg, "%!")
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
		}
	}
	require.Equal(t, []string{"callers", "binary"}, names)
}

func TestPageShowsTheChartsWithTheirNumbersInWords(t *testing.T) {
	require.Contains(t, report.Page(some()), `<img src="callers.svg" width="380" alt="256 callers share one client over TLS: calls per second, `+
		`more is better. this library 1,000. AWS SDK 2,000. AWS SDK, tuned 3,000. net/http 4,000.">`)
}

func TestReadmeShowsTheResultsThatAreKept(t *testing.T) {
	r, err := measure.Load("../results.json")
	require.NoError(t, err)
	text, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	updated, err := report.Readme(string(text), r)
	require.NoError(t, err)
	require.True(t, updated == string(text), "the README shows other numbers than results.json has: go run ./cmd/report")

	_, err = report.Readme("# Nothing", r)
	require.Error(t, err)
}
