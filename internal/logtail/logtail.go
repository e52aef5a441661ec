// Package logtail reads the log tail that a synchronous invocation returns on
// request: the last 4 KB of what the function and the platform logged.
package logtail

import "bytes"

// ParseReport finds the platform's report in the decoded log tail of one
// invocation, in either of its forms: a tab-separated REPORT line, or a JSON
// line of type platform.report. It returns false if the tail holds no whole
// report: it was cut in the middle of the line, or has lost the line.
//
// The platform writes its report after everything that the function wrote, so
// the last report counts and a line of the function's that looks like one does
// not. A tail without the platform's own report leaves nothing to tell such a
// look-alike by. Comparing RequestID with the request ID of the reply rules out
// an accident, but not a function that means to deceive: it knows that ID. Do
// not bill somebody by the log of code that you do not trust.
func ParseReport(tail []byte) (Report, bool) {
	var after [][]byte // lines that follow the report; the trace is in one of them
	for len(tail) > 0 {
		start := bytes.LastIndexByte(tail, '\n') + 1
		line := bytes.TrimRight(tail[start:], "\r")
		tail = tail[:max(start-1, 0)]

		parse, found := reportParser(line)
		if !found {
			after = append(after, line)
			continue
		}
		// An incomplete report ends the search too: what comes before it was
		// written by the function.
		report, ok := parse(line)
		if !ok {
			return Report{}, false
		}
		for _, l := range after {
			if bytes.HasPrefix(l, []byte(tracePrefix)) {
				report.setTextFields(l)
			}
		}
		return report, true
	}
	return Report{}, false
}

// reportParser returns the parser for a line that is a report, whole or not.
func reportParser(line []byte) (parse func([]byte) (Report, bool), found bool) {
	switch {
	case bytes.HasPrefix(line, []byte(reportPrefix)):
		return parseText, true
	case isJSONReport(line):
		return parseJSON, true
	default:
		return nil, false
	}
}
