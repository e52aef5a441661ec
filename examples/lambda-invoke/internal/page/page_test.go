package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/page"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

// sample is the report of a job in which everything happened.
func sample() page.Data {
	s := stats.Summary{
		Start: time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC), Took: 318 * time.Second,
		Counts: stats.Counts{Done: 1_948_112, Failed: 1204, Unknown: 37, Throttled: 5113},
		Before: stats.Counts{Done: 411_040},
		Kinds: []stats.Kind{
			{Type: "ValueError", Count: 1190, Index: 4711, Failure: results.Failure{Message: "no such order: <b>17</b>\nline two", FunctionError: "Unhandled"}},
			{Type: "TransportError", Count: 37, Index: 90210, MayHaveRun: true, Failure: results.Failure{Message: "operation error Lambda: Invoke, transport failed at stage await, calling orders at lambda.eu-central-1.amazonaws.com: read tcp 10.0.3.17:52144->3.120.4.5:443: read: connection reset by peer"}},
			{Type: "NotJSON", Count: 14, Index: 65536, Failure: results.Failure{Message: "the payload is not JSON: it ends before the value does (at offset 112)"}},
		},
		Calls: 1_538_313, Median: 41 * time.Millisecond, P95: 118 * time.Millisecond, P99: 402 * time.Millisecond, Slowest: 9100 * time.Millisecond,
		Bill: stats.Bill{Reports: 1_538_313, Billed: 21 * time.Hour, GBSeconds: 37_800, MemorySize: 512, MaxMemory: 188, InitReports: 990},
	}
	for i, n := range []int64{120, 18_400, 402_113, 690_201, 311_020, 101_998, 11_871, 2302, 240, 31, 16, 1} {
		s.Buckets = append(s.Buckets, stats.Bucket{UpTo: []time.Duration{5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 8000, 10_000}[i] * time.Millisecond, Count: n})
	}
	for i := range 199 {
		p := stats.Point{At: time.Duration(i) * 1600 * time.Millisecond, Concurrency: min(8+i*i/2, 900), Done: 7700}
		if i%37 == 36 {
			p.Throttled = 300 + i
		}
		if p.Concurrency >= 900 {
			p.Concurrency = 880 - 120*(i%37)/37 + (i*31)%9
		}
		p.InFlight = p.Concurrency - (i*17)%23
		s.Timeline = append(s.Timeline, p)
	}
	return page.Data{Function: "orders:live", Summary: s, Stopped: "interrupted", Billed: true, Cost: 0.9377}
}

func write(t *testing.T, d page.Data) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, page.Write(&b, d))
	return b.String()
}

func TestThePageTellsAllOfItAndNeedsNothingElse(t *testing.T) {
	text := write(t, sample())
	for _, part := range []string{"orders:live", "1,948,112", "1,204", "37", "5,113", "$0.9377", "ValueError", "such as line 4,712", "&lt;b&gt;17&lt;/b&gt;", "interrupted", "median 41ms", "411,040 of them finished by earlier runs"} {
		require.True(t, strings.Contains(text, part), part)
	}
	require.False(t, strings.Contains(text, "ZgotmplZ")) // what html/template puts in place of what it does not trust
	require.Empty(t, regexp.MustCompile(`(?i)<script|<link[^>]+href="[^d]|\bsrc=|url\(|@import`).FindString(text))

	if path := os.Getenv("PAGE_OUT"); path != "" {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	empty := write(t, page.Data{Function: "f"})
	require.Contains(t, empty, "None.")
	require.Less(t, len(text), 200<<10)
}

// measure is what the browser says of the page.
type measure struct {
	Wide     int      `json:"wide"`   // pixels that the page is wider than the window
	Ground   string   `json:"ground"` // colour
	Ink      string   `json:"ink"`
	Sections []string `json:"sections"`
	Bars     int      `json:"bars"` // that can be seen
	Area     float64  `json:"area"` // height of what is drawn for the calls in flight
}

const script = `<script>addEventListener("load", () => {
	const style = getComputedStyle(document.body), bars = [...document.querySelectorAll(".track span")];
	document.title = JSON.stringify({
		wide: document.documentElement.scrollWidth - innerWidth, ground: style.backgroundColor, ink: style.color,
		sections: [...document.querySelectorAll("section")].map(s => s.id),
		bars: bars.filter(b => b.getBoundingClientRect().width > 0).length,
		area: document.querySelector("svg .area").getBoundingClientRect().height,
	});
});</script>`

// TestThePageInABrowser looks at the page with a real browser. Where none is
// installed there is nothing to look with: CI installs one.
func TestThePageInABrowser(t *testing.T) {
	browser := findBrowser()
	if browser == "" {
		t.Log("no Chromium here: the page was not looked at")
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	require.NoError(t, os.WriteFile(path, []byte(write(t, sample())+script), 0o600))
	title := regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	grounds := make(map[string]bool)
	for _, width := range []int{1200, 500} { // Chromium makes no window narrower than 500
		for scheme, name := range []string{"dark", "light"} {
			t.Run(fmt.Sprintf("%s, %d wide", name, width), func(t *testing.T) {
				cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, fmt.Sprint(name, width)),
					fmt.Sprintf("--window-size=%d,900", width), fmt.Sprintf("--blink-settings=preferredColorScheme=%d", scheme),
					"--virtual-time-budget=2000", "--dump-dom", "file://"+path)
				out, err := cmd.Output()
				require.NoError(t, err)
				found := title.FindSubmatch(out)
				require.NotNil(t, found, "%.2000s", out)
				var m measure
				require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &m), "%s", found[1])
				require.LessOrEqual(t, m.Wide, 0, "the page is wider than the window")
				require.Equal(t, []string{"concurrency", "throttling", "latency", "bill", "errors"}, m.Sections)
				require.Equal(t, 12, m.Bars)
				require.Greater(t, m.Area, 50.0)
				require.NotEqual(t, m.Ground, m.Ink)
				grounds[name+m.Ground] = true
			})
		}
	}
	require.Len(t, grounds, 2, "light and dark do not differ: %v", grounds)
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
