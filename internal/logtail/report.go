package logtail

import "time"

// Report is what Lambda writes about one invocation when it is over: how long
// it took, what is billed, how much memory it used.
//
// A field whose value the log does not say, or says in a way that makes no
// sense (a negative number, a duration of more than a year), has its zero
// value. Numbers keep the precision of the log: microseconds for durations,
// whole megabytes for memory.
type Report struct {
	// RequestID is the invocation's request ID; it is never empty. It is the
	// RequestID of the reply that the log came with, unless the function wrote
	// a look-alike (see [ParseReport]).
	RequestID string

	// Duration is the time that the handler ran. It includes neither
	// InitDuration nor RestoreDuration.
	Duration time.Duration
	// BilledDuration is the time that is charged for, rounded up to the
	// millisecond. For many functions it includes the initialisation.
	BilledDuration time.Duration
	// InitDuration is the time that it took to load the runtime and to run the
	// code outside the handler. Zero unless this invocation was a cold start.
	InitDuration time.Duration
	// RestoreDuration is the time that it took to restore a SnapStart snapshot.
	// Zero unless this invocation was the first after a restore.
	RestoreDuration time.Duration
	// BilledRestoreDuration is the part of RestoreDuration that is charged for.
	BilledRestoreDuration time.Duration

	// MemorySizeMB is the memory that the function is configured with, in MB as
	// the service counts them (1 MB is 1,048,576 bytes).
	MemorySizeMB int
	// MaxMemoryUsedMB is the most memory that the execution environment has
	// used, this invocation and those before it included, in MB as above.
	MaxMemoryUsedMB int

	// Status is how the invocation ended: "success", "failure", "error" or
	// "timeout". A function that logs in text leaves it out when nothing is
	// wrong, so that empty means success or an exception of the handler's own.
	Status string
	// ErrorType is the platform's name for what went wrong, such as
	// "Runtime.OutOfMemory" or "Runtime.ExitError". Often empty.
	ErrorType string

	// TraceID is the X-Ray trace ID ("1-…"). Empty if the function is not traced.
	TraceID string
	// SegmentID is the ID of the invocation's X-Ray segment; in a JSON log, of
	// its span. Empty if the function is not traced.
	SegmentID string
	// Sampled tells whether X-Ray recorded the trace.
	Sampled bool
}
