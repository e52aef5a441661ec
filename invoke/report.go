package invoke

import (
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/logtail"
)

// Report is what Lambda writes about an invocation when it is over: how long
// it took, what is billed, how much memory it used. [InvokeOutput.Report]
// reads it.
//
// A field that the log does not tell, or tells in a way that makes no sense,
// has its zero value. Numbers keep the precision of the log: microseconds for
// durations, whole megabytes (of 1,048,576 bytes) for memory.
type Report struct {
	// RequestID is the invocation's; it is never empty. It equals the reply's
	// RequestID unless the function wrote a line that looks like a report.
	RequestID string

	// Duration is the time that the handler ran. It includes neither
	// InitDuration nor RestoreDuration.
	Duration time.Duration
	// BilledDuration is the time that is charged for, rounded up to the
	// millisecond. For many functions it includes the initialisation.
	BilledDuration time.Duration
	// InitDuration is the time of loading the runtime and running the code
	// outside the handler. Zero unless this invocation was a cold start.
	InitDuration time.Duration
	// RestoreDuration is the time of restoring a SnapStart snapshot. Zero
	// unless this invocation was the first after a restore.
	RestoreDuration time.Duration
	// BilledRestoreDuration is the part of RestoreDuration that is charged for.
	BilledRestoreDuration time.Duration

	// MemorySizeMB is the memory that the function is configured with.
	MemorySizeMB int
	// MaxMemoryUsedMB is the most that the execution environment has used, in
	// this invocation or one before it.
	MaxMemoryUsedMB int

	// Status is how the invocation ended: "success", "failure", "error" or
	// "timeout". A function that logs in text leaves it out when nothing is
	// wrong: empty means success, or an exception of the handler's own.
	Status string
	// ErrorType is the platform's name for what went wrong, such as
	// "Runtime.OutOfMemory". Often empty.
	ErrorType string

	// TraceID is the X-Ray trace ID ("1-…"). Empty if nothing is traced.
	TraceID string
	// SegmentID is the ID of the invocation's X-Ray segment; in a JSON log, of
	// its span.
	SegmentID string
	// Sampled tells whether X-Ray recorded the trace.
	Sampled bool
}

// Report finds the platform's report in the log, in its text or its JSON form.
// It needs LogTypeTail in the input. false means that there is no log, or no
// whole report in it: the reply carries the last 4 KB, which can have lost it.
//
// The report is part of the function's own log, so it is as trustworthy as the
// function: a handler can write a look-alike.
func (o *InvokeOutput) Report() (Report, bool) {
	log, err := o.Log()
	if err != nil {
		return Report{}, false
	}
	report, ok := logtail.ParseReport(log)
	return Report(report), ok
}
