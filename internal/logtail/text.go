package logtail

import (
	"bytes"
	"strings"
)

const (
	reportPrefix = "REPORT RequestId: "
	tracePrefix  = "XRAY TraceId: "
)

// parseText reads a REPORT line. A line that lacks one of the fields that every
// report has was cut at its end.
func parseText(line []byte) (Report, bool) {
	var r Report
	seen := r.setTextFields(line)
	whole := seen.duration && seen.billed && seen.memory && seen.used
	return r, whole && r.RequestID != ""
}

// mandatory tells which of the fields that every REPORT line has were there,
// with their unit. Whether their number makes sense does not matter to it.
type mandatory struct{ duration, billed, memory, used bool }

// setTextFields sets the fields that a tab-separated line of "Name: value"
// pairs holds, and skips what it does not know.
func (r *Report) setTextFields(line []byte) (seen mandatory) {
	for field := range bytes.SplitSeq(line, []byte("\t")) {
		name, value, found := strings.Cut(strings.TrimSpace(string(field)), ": ")
		if !found {
			continue
		}
		ms, mb := number(value, " ms"), number(value, " MB")
		switch name {
		case "REPORT RequestId":
			r.RequestID = value
		case "Duration":
			r.Duration, seen.duration = millis(ms), ms != ""
		case "Billed Duration":
			r.BilledDuration, seen.billed = millis(ms), ms != ""
		case "Init Duration":
			r.InitDuration = millis(ms)
		case "Restore Duration":
			r.RestoreDuration = millis(ms)
		case "Billed Restore Duration":
			r.BilledRestoreDuration = millis(ms)
		case "Memory Size":
			r.MemorySizeMB, seen.memory = megabytes(mb), mb != ""
		case "Max Memory Used":
			r.MaxMemoryUsedMB, seen.used = megabytes(mb), mb != ""
		case "Status":
			r.Status = value
		case "Error Type":
			r.ErrorType = value
		case "XRAY TraceId":
			r.TraceID = value
		case "SegmentId":
			r.SegmentID = value
		case "Sampled":
			r.Sampled = value == "true"
		}
	}
	return seen
}

// number returns what precedes the unit; nothing if the unit is not there,
// because then the number may have been cut as well.
func number(value, unit string) string {
	if n, found := strings.CutSuffix(value, unit); found {
		return n
	}
	return ""
}
