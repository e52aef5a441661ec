package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
)

// The geometry of a chart, in pixels. It is as wide as a phone, so that its text is not made smaller there.
const (
	chartWidth = 380
	margin     = 16
	headHeight = 70
	barPitch   = 30
	barHeight  = 18
	labelWidth = 122
	valueWidth = 72
	height     = headHeight + 4*barPitch + margin/2 // the same for all, so that they stand in line
)

// The titles of the clients, and their colours: ours is the one that stands out.
var (
	titles  = map[string]string{clients.Ours: "this library", clients.SDK: "AWS SDK", clients.Tuned: "AWS SDK, tuned", clients.Bare: "net/http"}
	classes = map[string]string{clients.Ours: "ours", clients.SDK: "sdk", clients.Tuned: "sdk", clients.Bare: "bare"}
)

// style is the same picture for light and for dark backgrounds.
const style = `text{font:14px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}` +
	`.title{font-size:16px;font-weight:600}.soft{fill:#59636e}` +
	`.box{fill:#fff;stroke:#d1d9e0}.ours{fill:#0969da}.sdk{fill:#bc4c00}.bare{fill:#818b98}` +
	`@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.soft{fill:#9198a1}` +
	`.box{fill:#0d1117;stroke:#3d444d}.ours{fill:#4493f8}.sdk{fill:#db6d28}.bare{fill:#656c76}}`

// SVG draws the chart.
func (c Chart) SVG() string {
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img">
<title>%s</title>
<style>%s</style>
<rect class="box" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>
`, chartWidth, height, html.EscapeString(c.alt()), style, chartWidth-1, height-1)
	text(&svg, "title", margin, 28, c.title)
	text(&svg, "soft", margin, 50, c.unit)

	most := 0.0
	for _, b := range c.bars {
		most = max(most, b.value)
	}
	for i, b := range c.bars {
		top, left := headHeight+i*barPitch, margin+labelWidth
		width := 1.0 // a bar that is there, if there is nothing to show
		if most > 0 {
			width = max(width, float64(chartWidth-margin-left-valueWidth)*b.value/most)
		}
		text(&svg, "soft", margin, top+14, titles[b.client])
		fmt.Fprintf(&svg, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\"/>\n", classes[b.client], left, top, width, barHeight)
		text(&svg, "", left+int(width)+8, top+14, b.text)
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

func text(svg *strings.Builder, class string, x, y int, s string) {
	if class != "" {
		class = fmt.Sprintf(" class=%q", class)
	}
	fmt.Fprintf(svg, "<text%s x=\"%d\" y=\"%d\">%s</text>\n", class, x, y, html.EscapeString(s))
}
