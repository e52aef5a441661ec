package report_test

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/report"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

// some returns results of which a part was not measured.
func some() *measure.Results {
	r := &measure.Results{Machine: measure.Machine{OS: "linux", Arch: "amd64", CPU: "Some(R) <CPU>", CPUs: 2, GoVersion: "go1"}}
	r.Add(suite.FeatureBenchmark(features.All()[0]), clients.Ours, map[string]float64{"adds-B": 123456})
	for i, name := range clients.Names() {
		v := float64(i + 1)
		for range 2 {
			r.Add("Memory", name, map[string]float64{"ns/op": 1e3 * v, "cpu-ns/op": 1e3 * v, "allocs/op": 10 * v})
		}
		r.Add("Program", name, map[string]float64{"binary-B": 1e6 * v})
		for _, n := range suite.Callers() {
			r.Add(suite.CallersBenchmark(n), name, map[string]float64{"calls/s": v, "connections": v})
		}
	}
	return r
}

func TestBenchstatGetsALineForEveryRound(t *testing.T) {
	var r measure.Results
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
	var long, short strings.Builder
	require.NoError(t, report.Table(&long, some(), true))
	require.NoError(t, report.Table(&short, some(), false))
	require.Contains(t, long.String(), "| Call without a network: time | 1.0 µs | 2.0 µs | 3.0 µs | 2.00+ | ≤ 0.15 |\n")
	require.Contains(t, long.String(), "| Call without a network: allocations | 10 | 20 | 30 | 0.50 |  |\n")
	require.Contains(t, long.String(), "2 CPUs (Some <CPU>), linux/amd64, go1")
	require.Contains(t, long.String(), "| What it adds to a program to use LogTo(*slog.Logger), with log/slog | 123.5 kB |  |  |  |  |\n")
	require.NotContains(t, long.String(), "NaN")
	require.NotContains(t, long.String(), "Throttled")
	require.Contains(t, short.String(), "TLS, 256 callers")
	require.NotContains(t, short.String(), "TLS, 64 callers")
}

func TestTableShowsLimitsThatDoNotChangeAndWhatTheOthersChangedTo(t *testing.T) {
	r := new(measure.Results)
	for _, a := range suite.Admissions() {
		for _, n := range a.Limits {
			for _, name := range []string{clients.Ours, clients.SDK} {
				r.Add(a.Benchmark(n), name, map[string]float64{
					"calls/s": 1, "reached-%": 2, "settled-reached-%": 3, "settled-refused-%": 4, "lost-items-%": 5,
				})
			}
		}
	}
	var long, short strings.Builder
	require.NoError(t, report.Table(&long, r, true))
	require.NoError(t, report.Table(&short, r, false))
	require.Contains(t, long.String(), "| Throttled above 500 at a time: of what as many workers reach, once settled | 3.0 % | 3.0 % |  | 1.00 | ours ≥ 90 % |\n")
	require.Contains(t, long.String(), "| Throttled above 200 at a time after 50: of what as many workers reach | 2.0 % | 2.0 % |  | 1.00 |  |\n")
	require.Equal(t, 1, strings.Count(long.String(), "Throttled above 50 at a time: answered"))
	require.Equal(t, 4, strings.Count(short.String(), "Throttled above 50 at a time: "))
	require.Equal(t, 4, strings.Count(short.String(), "Throttled"))
}

func TestChartsAreDrawnOfWhatWasMeasured(t *testing.T) {
	require.Empty(t, report.Charts(new(measure.Results)))
	charts := report.Charts(some())
	require.Len(t, charts, 2)
	for _, chart := range charts {
		for _, theme := range report.Themes() {
			var svg strings.Builder
			require.NoError(t, chart.SVG(&svg, theme))
			require.NotContains(t, svg.String(), "NaN")
			d := xml.NewDecoder(strings.NewReader(svg.String()))
			for {
				_, err := d.Token()
				if err == io.EOF {
					break
				}
				require.NoError(t, err)
			}
		}
	}
}

func TestResultsSurviveTheirFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.json")
	require.NoError(t, some().Save(file))
	loaded, err := measure.Load(file)
	require.NoError(t, err)
	require.Equal(t, some(), loaded)
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
