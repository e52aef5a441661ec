package report

import (
	"fmt"
	"math"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// row is one line of a table.
type row struct {
	what            string
	benchmark, unit string
	show            func(float64) string
	aim             string // of our own value or, where it begins with a sign, of the ratio to the SDK as it comes
	above           bool   // the ratios compare what the clients add to bare net/http
	added           bool   // what the clients add to bare net/http is shown
}

func line(what, benchmark, unit string, show func(float64) string) row {
	return row{what: what, benchmark: benchmark, unit: unit, show: show}
}

// These make the lists of rows readable.
func (w row) aims(aim string) row { w.aim = aim; return w }
func (w row) aboveBare() row      { w.above = true; return w }
func (w row) addedToBare() row    { w.added = true; return w }

// measured is whether there is something to show.
func (w row) measured(s *measure.Summary) bool {
	_, ok := s.Row(w.benchmark, clients.Ours, w.unit)
	return ok
}

// value is what is shown of a client, and NaN where there is nothing.
func (w row) value(s *measure.Summary, client string) float64 {
	v := s.Median(w.benchmark, client, w.unit)
	if !w.added {
		return v
	}
	if client == clients.Bare {
		return math.NaN()
	}
	return v - s.Median(w.benchmark, clients.Bare, w.unit)
}

// text is the value as it is shown.
func (w row) text(s *measure.Summary, client string) string {
	if v := w.value(s, client); !math.IsNaN(v) {
		return w.show(v)
	}
	return ""
}

// ratio is our value to another client's.
func (w row) ratio(s *measure.Summary, client string) string {
	r, _ := s.Row(w.benchmark, client, w.unit)
	v, mark := r.Ratio, ""
	if w.above {
		v, mark = r.Above, "+"
	}
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f%s", v, mark)
}
