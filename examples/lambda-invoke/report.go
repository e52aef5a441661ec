package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// writeReport tells about a call that was answered, as far as it was asked to.
func writeReport(w io.Writer, cmd *command, out *invoke.InvokeOutput) {
	if cmd.log {
		writeLog(w, out)
	}
	if accepted := out.StatusCode != 200; cmd.verbose || accepted {
		fmt.Fprintf(w, "lambda-invoke: %s\n", summary(cmd, out))
	}
}

// summary is the call on one line.
func summary(cmd *command, out *invoke.InvokeOutput) string {
	parts := []string{fmt.Sprintf("status %d", out.StatusCode)}
	switch invoke.InvocationType(cmd.invocation) {
	case invoke.InvocationTypeEvent:
		parts[0] = "the event was accepted (" + parts[0] + ")"
	case invoke.InvocationTypeDryRun:
		parts[0] = "the call would be allowed (" + parts[0] + ")"
	}
	if out.ExecutedVersion != "" {
		parts = append(parts, "version "+out.ExecutedVersion)
	}
	if out.DurableExecutionArn != "" {
		parts = append(parts, "execution "+out.DurableExecutionArn)
	}
	if out.RequestID != "" {
		parts = append(parts, "request ID "+out.RequestID)
	}
	if out.Attempts > 1 {
		parts = append(parts, fmt.Sprintf("%d attempts", out.Attempts))
	}
	return strings.Join(parts, ", ")
}

// writeLog shows the end of the function's log and what the platform's report
// in it says.
func writeLog(w io.Writer, out *invoke.InvokeOutput) {
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
		fmt.Fprintln(w, printable(strings.TrimRight(line, "\r\n")))
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
			parts = append(parts, s.name+" "+printable(s.text))
		}
	}
	return strings.Join(parts, ", ")
}

// printable keeps what a function wrote from steering the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' {
			return '�'
		}
		return r
	}, text)
}
