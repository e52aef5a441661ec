package single

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// answer is what the answers of both operations tell.
type answer interface {
	Log() ([]byte, error)
	Report() (invoke.Report, bool)
}

// writeReport tells about a call that was answered, as far as it was asked to.
func writeReport(w io.Writer, o *options, out *invoke.InvokeOutput) {
	if o.log {
		writeLog(w, out)
	}
	if accepted := out.StatusCode != 200; o.verbose || accepted {
		status := fmt.Sprintf("status %d", out.StatusCode)
		switch invoke.InvocationType(o.invocation) {
		case invoke.InvocationTypeEvent:
			status = "the event was accepted (" + status + ")"
		case invoke.InvocationTypeDryRun:
			status = "the call would be allowed (" + status + ")"
		}
		writeSummary(w, status, out.ExecutedVersion, out.DurableExecutionArn, out.RequestID, out.Attempts)
	}
}

// writeStreamReport is writeReport for a stream that has ended.
func writeStreamReport(w io.Writer, o *options, out *invoke.InvokeWithResponseStreamOutput) {
	if o.log {
		writeLog(w, out)
	}
	if o.verbose {
		writeSummary(w, fmt.Sprintf("status %d", out.StatusCode), out.ExecutedVersion, "", out.RequestID, out.Attempts)
	}
}

// writeSummary is the call on one line.
func writeSummary(w io.Writer, status, version, execution, requestID string, attempts int) {
	parts := []string{status}
	for _, part := range []struct{ name, text string }{{"version", version}, {"execution", execution}, {"request ID", requestID}} {
		if part.text != "" {
			parts = append(parts, part.name+" "+part.text)
		}
	}
	if attempts > 1 {
		parts = append(parts, fmt.Sprintf("%d attempts", attempts))
	}
	fmt.Fprintf(w, "lambda-invoke: %s\n", terminal.Printable(strings.Join(parts, ", ")))
}

// writeLog shows the end of the function's log and what the platform's report
// in it says.
func writeLog(w io.Writer, out answer) {
	log, err := out.Log()
	switch {
	case err != nil:
		fmt.Fprintf(w, "lambda-invoke: %v\n", err)
		return
	case len(log) == 0:
		fmt.Fprintln(w, "lambda-invoke: the reply has no log")
		return
	}
	fmt.Fprintln(w, "--- log")
	for line := range strings.Lines(string(log)) {
		fmt.Fprintln(w, terminal.Printable(strings.TrimRight(line, "\r\n")))
	}
	fmt.Fprintln(w, "--- end of log")
	if report, ok := out.Report(); ok {
		fmt.Fprintf(w, "lambda-invoke: %s\n", reportLine(report))
	}
}

func reportLine(r invoke.Report) string {
	parts := []string{fmt.Sprintf("ran %s, billed %s", r.Duration, r.BilledDuration)}
	for _, d := range []struct {
		name string
		time time.Duration
	}{{"init", r.InitDuration}, {"restore", r.RestoreDuration}} {
		if d.time != 0 {
			parts = append(parts, d.name+" "+d.time.String())
		}
	}
	if r.MemorySizeMB != 0 {
		parts = append(parts, fmt.Sprintf("memory %d of %d MB", r.MaxMemoryUsedMB, r.MemorySizeMB))
	}
	for _, s := range []struct{ name, text string }{{"status", r.Status}, {"error", r.ErrorType}, {"trace", r.TraceID}} {
		if s.text != "" {
			parts = append(parts, s.name+" "+terminal.Printable(s.text))
		}
	}
	return strings.Join(parts, ", ")
}
