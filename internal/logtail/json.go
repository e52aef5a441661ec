package logtail

import (
	"bytes"
	"encoding/json"
	"strings"
)

const jsonReportType = "platform.report"

// jsonEvent is a line that the platform logs for a function with JSON logs.
type jsonEvent struct {
	Type   string `json:"type"`
	Record struct {
		RequestID string `json:"requestId"`
		Status    string `json:"status"`
		ErrorType string `json:"errorType"`
		// Raw, so that one number of an unexpected kind costs that number only.
		Metrics struct {
			Duration        json.RawMessage `json:"durationMs"`
			BilledDuration  json.RawMessage `json:"billedDurationMs"`
			InitDuration    json.RawMessage `json:"initDurationMs"`
			Restore         json.RawMessage `json:"restoreDurationMs"`
			BilledRestore   json.RawMessage `json:"billedRestoreDurationMs"`
			MemorySizeMB    json.RawMessage `json:"memorySizeMB"`
			MaxMemoryUsedMB json.RawMessage `json:"maxMemoryUsedMB"`
		} `json:"metrics"`
		Tracing struct {
			SpanID string `json:"spanId"`
			Value  string `json:"value"` // Root=…;Parent=…;Sampled=1
		} `json:"tracing"`
	} `json:"record"`
}

// isJSONReport tells whether line is a report or the beginning of one. A whole
// object counts only by its own type, since any log line may quote a report.
func isJSONReport(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("{")) || !bytes.Contains(line, []byte(`"`+jsonReportType+`"`)) {
		return false
	}
	var event struct {
		Type json.RawMessage `json:"type"`
	}
	if err := json.Unmarshal(line, &event); err != nil {
		return true
	}
	return string(event.Type) == `"`+jsonReportType+`"`
}

// parseJSON reads a platform.report line. Only the request ID and the duration
// are there for every kind of function.
func parseJSON(line []byte) (Report, bool) {
	var event jsonEvent
	if err := json.Unmarshal(line, &event); err != nil {
		return Report{}, false
	}
	record, metrics := &event.Record, &event.Record.Metrics
	r := Report{
		RequestID:             record.RequestID,
		Duration:              millis(string(metrics.Duration)),
		BilledDuration:        millis(string(metrics.BilledDuration)),
		InitDuration:          millis(string(metrics.InitDuration)),
		RestoreDuration:       millis(string(metrics.Restore)),
		BilledRestoreDuration: millis(string(metrics.BilledRestore)),
		MemorySizeMB:          megabytes(string(metrics.MemorySizeMB)),
		MaxMemoryUsedMB:       megabytes(string(metrics.MaxMemoryUsedMB)),
		Status:                record.Status,
		ErrorType:             record.ErrorType,
		SegmentID:             record.Tracing.SpanID,
	}
	for pair := range strings.SplitSeq(record.Tracing.Value, ";") {
		switch key, value, _ := strings.Cut(pair, "="); key {
		case "Root":
			r.TraceID = value
		case "Sampled":
			r.Sampled = value == "1"
		}
	}
	return r, r.RequestID != "" && metrics.Duration != nil
}
