package batch

import (
	"bytes"
	"fmt"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/page"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

// writePage writes the report, if there is to be one.
func (j *job) writePage(s stats.Summary, cause error) error {
	if j.o.report == "" {
		return nil
	}
	data := page.Data{Function: j.o.Function, Summary: s, Billed: j.o.log, Cost: cost(s.Bill, j.o.price)}
	if cause != nil {
		data.Stopped = cause.Error()
	}
	var content bytes.Buffer
	if err := page.Write(&content, data); err != nil {
		return err
	}
	if err := os.WriteFile(j.o.report, content.Bytes(), 0o666); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
