package page

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/format"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

// The charts are drawn in these units, which the page stretches to its width.
const (
	chartWidth  = 1000
	chartHeight = 200
)

// chart is a chart over time. Paths are in SVG's language.
type chart struct {
	Top   string // label of the value axis' upper end
	Half  string // and of its middle
	Area  string // path of what is filled
	Line  string // path of what is a line
	Hover []hover
	Any   bool // there is something to see
	Max   int
}

// hover is a stretch of time that says its values.
type hover struct {
	X, Width float64
	Text     string
}

// concurrencyChart shows the calls that were made at a time, and those that were
// allowed.
func concurrencyChart(points []stats.Point) chart {
	most := 1
	for _, p := range points {
		most = max(most, p.InFlight, p.Concurrency)
	}
	top := niceCeil(most)
	c := chart{Top: format.Count(top), Half: half(top), Any: len(points) > 0, Max: most}
	width := stretch(points)
	var area, line strings.Builder
	fmt.Fprintf(&area, "M0 %d", chartHeight)
	for i, p := range points {
		from, to := float64(i)*width, float64(i+1)*width
		fmt.Fprintf(&area, "L%.1f %.1fL%.1f %.1f", from, height(p.InFlight, top), to, height(p.InFlight, top))
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&line, "%s%.1f %.1fL%.1f %.1f", verb, from, height(p.Concurrency, top), to, height(p.Concurrency, top))
		c.Hover = append(c.Hover, hover{from, width, fmt.Sprintf("after %s: %d in flight, %d allowed, %s items finished", format.Duration(p.At), p.InFlight, p.Concurrency, format.Count(p.Done))})
	}
	fmt.Fprintf(&area, "L%d %dZ", chartWidth, chartHeight)
	c.Area, c.Line = area.String(), line.String()
	return c
}

// throttleChart shows the requests that were refused.
func throttleChart(points []stats.Point) chart {
	most := 0
	for _, p := range points {
		most = max(most, p.Throttled)
	}
	top := niceCeil(max(most, 1))
	c := chart{Top: format.Count(top), Half: half(top), Any: most > 0, Max: most}
	width := stretch(points)
	var area strings.Builder
	for i, p := range points {
		if p.Throttled > 0 {
			from, to := (float64(i)+0.1)*width, (float64(i)+0.9)*width
			fmt.Fprintf(&area, "M%.1f %dV%.1fH%.1fV%dZ", from, chartHeight, height(p.Throttled, top), to, chartHeight)
		}
		c.Hover = append(c.Hover, hover{float64(i) * width, width, fmt.Sprintf("after %s: %s throttled", format.Duration(p.At), format.Count(p.Throttled))})
	}
	c.Area = area.String()
	return c
}

func stretch(points []stats.Point) float64 { return chartWidth / float64(max(len(points), 1)) }

func height(value, top int) float64 { return chartHeight * (1 - float64(value)/float64(top)) }

// half is the label of an axis' middle, where that is a whole number.
func half(top int) string {
	if top%2 != 0 {
		return ""
	}
	return format.Count(top / 2)
}

// niceCeil is the next of 1, 2, 4, 6, 8, 10, 20, …
func niceCeil(n int) int {
	for decade := 1; ; decade *= 10 {
		for _, factor := range [...]int{1, 2, 4, 6, 8} {
			if n <= factor*decade {
				return factor * decade
			}
		}
	}
}

// span labels the time axis: its beginning, middle and end.
func span(points []stats.Point) []string {
	if len(points) == 0 {
		return nil
	}
	end := time.Duration(0)
	if len(points) > 1 {
		end = points[1].At * time.Duration(len(points))
	}
	return []string{"0s", format.Duration(end / 2).String(), format.Duration(end).String()}
}

// bar is a bar of the latencies.
type bar struct {
	Label string
	Count int64
	Share string // of the longest, in percent
}

func latencyChart(buckets []stats.Bucket) []bar {
	most := int64(1)
	for _, b := range buckets {
		most = max(most, b.Count)
	}
	var bars []bar
	for _, b := range buckets {
		share := 100 * float64(b.Count) / float64(most)
		if b.Count > 0 {
			share = math.Max(share, 0.5) // or it would not be seen
		}
		bars = append(bars, bar{"≤ " + b.UpTo.String(), b.Count, fmt.Sprintf("%.1f", share)})
	}
	return bars
}
