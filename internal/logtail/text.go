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

// fieldNames are the names of the fields that are read. A name comes before one that is its end.
var fieldNames = [...]string{
	"REPORT RequestId", "Billed Restore Duration", "Restore Duration", "Billed Duration", "Init Duration", "Duration",
	"Max Memory Used", "Memory Size", "Status", "Error Type", "XRAY TraceId", "SegmentId", "Sampled",
}

// setTextFields sets the fields that a line of "Name: value" pairs holds, and skips what it does not know. The platform separates pairs
// by tabs; emulators and extensions print spaces in their place.
func (r *Report) setTextFields(line []byte) (seen mandatory) {
	for field := range bytes.SplitSeq(line, []byte("\t")) {
		for pair := string(field); pair != ""; {
			next := nextField(pair)
			r.setTextField(pair[:next], &seen)
			pair = pair[next:]
		}
	}
	return seen
}

// nextField returns where the second field of a text begins, its length if there is none. A field begins after white space with one of
// the names and a colon.
func nextField(text string) int {
	start := len(text) - len(strings.TrimLeft(text, " "))
	if name := fieldName(text[start:]); name != "" {
		start += len(name)
	}
	for at := start; at < len(text); at++ {
		if text[at] == ' ' && fieldName(text[at+1:]) != "" {
			return at
		}
	}
	return len(text)
}

// fieldName returns the name that text begins with and that a colon follows, "" if none does.
func fieldName(text string) string {
	for _, name := range fieldNames {
		if strings.HasPrefix(text, name) && strings.HasPrefix(text[len(name):], ": ") {
			return name
		}
	}
	return ""
}

func (r *Report) setTextField(field string, seen *mandatory) {
	name, value, found := strings.Cut(strings.TrimSpace(field), ": ")
	if !found {
		return
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

// number returns what precedes the unit; nothing if the unit is not there,
// because then the number may have been cut as well.
func number(value, unit string) string {
	if n, found := strings.CutSuffix(value, unit); found {
		return n
	}
	return ""
}
