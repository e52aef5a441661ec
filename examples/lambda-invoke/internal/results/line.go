// Package results keeps what became of the items: a file with one line of JSON
// for each.
package results

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Failure is why an item has no output.
type Failure struct {
	// Type is the kind of error: the function's own, a code of the service, or
	// one of this program's.
	Type string `json:"type"`
	// Message is the error in words.
	Message string `json:"message"`
	// FunctionError is the service's word for a function that ran and failed,
	// empty for every other error.
	FunctionError string `json:"function_error,omitempty"`
	// RequestID identifies the request at the service, if it had one.
	RequestID string `json:"request_id,omitempty"`
}

// Outcome is what became of an item.
type Outcome int

// The outcomes.
const (
	Done    Outcome = iota + 1 // the function succeeded
	Failed                     // the function reported an error, or provably did not run
	Unknown                    // the function may have run
)

// OutcomeOf tells what an error line says.
func OutcomeOf(f *Failure, mayHaveRun bool) Outcome {
	if mayHaveRun && f.FunctionError == "" {
		return Unknown
	}
	return Failed
}

// AppendOutput appends the line of an item whose function succeeded. Output
// stands there as it came, but for line breaks between its parts. Output that is
// not JSON becomes a string, and the line says so.
func AppendOutput(line []byte, index int, output []byte) []byte {
	line = append(line, `{"index":`...)
	line = strconv.AppendInt(line, int64(index), 10)
	line = append(line, `,"output":`...)
	switch {
	case len(bytes.TrimSpace(output)) == 0:
		line = append(line, "null"...)
	case !utf8.Valid(output):
		line = append(line, '"')
		line = base64.StdEncoding.AppendEncode(line, output)
		line = append(line, `","output_encoding":"base64"`...)
	case !json.Valid(output):
		line = appendJSON(line, string(output))
		line = append(line, `,"output_encoding":"text"`...)
	case bytes.ContainsAny(output, "\r\n"):
		compact := bytes.NewBuffer(line)
		_ = json.Compact(compact, output) // it is valid
		line = compact.Bytes()
	default:
		line = append(line, output...)
	}
	return append(line, "}\n"...)
}

// AppendFailure appends the line of an item with an error.
func AppendFailure(line []byte, index int, failure *Failure, mayHaveRun bool) []byte {
	line = append(line, `{"index":`...)
	line = strconv.AppendInt(line, int64(index), 10)
	line = append(line, `,"error":`...)
	line = appendJSON(line, failure)
	line = append(line, `,"may_have_run":`...)
	line = strconv.AppendBool(line, mayHaveRun)
	return append(line, "}\n"...)
}

// appendJSON appends a value without escaping what only HTML needs escaped.
func appendJSON(line []byte, value any) []byte {
	buf := bytes.NewBuffer(line)
	encoder := json.NewEncoder(buf)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // strings always encode
	return bytes.TrimSuffix(buf.Bytes(), []byte{'\n'})
}

// Record is a line that was read.
type Record struct {
	Index   int
	Outcome Outcome
	Failure *Failure // nil for an item that is done
}

// headLength is how much of a line is looked at. Error lines are shorter.
const headLength = 64 << 10

// parse reads a line of which head is the beginning, whole if it is no longer
// than headLength, and last is its last byte.
func parse(head []byte, last byte) (r Record, ok bool) {
	rest, found := bytes.CutPrefix(head, []byte(`{"index":`))
	if !found || last != '}' {
		return r, false
	}
	digits, rest, found := bytes.Cut(rest, []byte{','})
	index, err := strconv.ParseUint(string(digits), 10, 40)
	if !found || err != nil {
		return r, false
	}
	r.Index = int(index)
	if bytes.HasPrefix(rest, []byte(`"output":`)) {
		r.Outcome = Done
		return r, true
	}
	var line struct {
		Error      *Failure `json:"error"`
		MayHaveRun bool     `json:"may_have_run"`
	}
	if json.Unmarshal(head, &line) != nil || line.Error == nil {
		return r, false
	}
	r.Outcome, r.Failure = OutcomeOf(line.Error, line.MayHaveRun), line.Error
	return r, true
}
