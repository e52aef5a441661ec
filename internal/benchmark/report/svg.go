package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
)

// Theme is a set of colours.
type Theme struct {
	Name                    string
	background, text, quiet string
	bars                    map[string]string // by client
}

// Themes returns the themes: for light and for dark backgrounds.
func Themes() []Theme {
	return []Theme{
		{"light", "#ffffff", "#1f2328", "#59636e", map[string]string{
			clients.Ours: "#0969da", clients.SDK: "#bc4c00", clients.Bare: "#afb8c1",
		}},
		{"dark", "#0d1117", "#f0f6fc", "#9198a1", map[string]string{
			clients.Ours: "#4493f8", clients.SDK: "#db6d28", clients.Bare: "#656c76",
		}},
	}
}

// The geometry of a chart, in pixels.
const (
	chartWidth  = 860
	columns     = 2
	margin      = 20
	headHeight  = 52
	panelHead   = 26
	barHeight   = 18
	barPitch    = 24
	panelGap    = 18
	labelWidth  = 118
	valueWidth  = 84
	wideValue   = 176 // where the texts behind the bars are long
	noteHeight  = 30
	columnWidth = (chartWidth - margin) / columns
)

// SVG draws the chart.
func (c Chart) SVG(w io.Writer, t Theme) error {
	var body strings.Builder
	y := headHeight
	for i := 0; i < len(c.panels); i += columns {
		bars := 0
		for j, p := range c.panels[i:min(i+columns, len(c.panels))] {
			drawPanel(&body, t, p, margin+j*columnWidth, y)
			bars = max(bars, len(p.bars))
		}
		y += panelHead + bars*barPitch + panelGap
	}
	label(&body, margin, y+4, 11, t.quiet, "", c.note)
	height := y + noteHeight

	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">
<title>%s</title>
<rect width="100%%" height="100%%" rx="8" fill="%s"/>
<text x="%d" y="32" font-size="16" font-weight="600" fill="%s">%s</text>
%s</svg>
`, chartWidth, height, chartWidth, height, html.EscapeString(c.title), t.background, margin, t.text, html.EscapeString(c.title), body.String())
	return err
}

func drawPanel(w *strings.Builder, t Theme, p panel, x, y int) {
	label(w, x, y+14, 13, t.text, "600", p.title)
	most, room := 0.0, valueWidth
	for _, b := range p.bars {
		most = max(most, b.value)
		if len(b.text) > 16 {
			room = wideValue
		}
	}
	full := float64(columnWidth - margin - labelWidth - room)
	for i, b := range p.bars {
		top := y + panelHead + i*barPitch
		width := 1.0 // a bar that is there, if there is nothing to show
		if most > 0 {
			width = max(width, full*b.value/most)
		}
		label(w, x, top+13, 12, t.quiet, "", b.client)
		fmt.Fprintf(w, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\" fill=\"%s\"/>\n", x+labelWidth, top, width, barHeight, t.bars[b.client])
		label(w, x+labelWidth+int(width)+7, top+13, 12, t.text, "", b.text)
	}
}

func label(w *strings.Builder, x, y, size int, colour, weight, text string) {
	if weight != "" {
		weight = fmt.Sprintf(" font-weight=%q", weight)
	}
	fmt.Fprintf(w, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s fill=\"%s\">%s</text>\n", x, y, size, weight, colour, html.EscapeString(text))
}
