package durable

import "time"

// ExecutionStatus says how far an execution has come. The service may come to
// know others than those below.
type ExecutionStatus string

// The statuses that the service documents.
const (
	StatusRunning   ExecutionStatus = "RUNNING"
	StatusSucceeded ExecutionStatus = "SUCCEEDED"
	StatusFailed    ExecutionStatus = "FAILED"
	StatusTimedOut  ExecutionStatus = "TIMED_OUT"
	StatusStopped   ExecutionStatus = "STOPPED"
)

// Ended reports whether an execution with this status has come to its end. A
// status that is not known is no end.
func (s ExecutionStatus) Ended() bool {
	switch s {
	case StatusSucceeded, StatusFailed, StatusTimedOut, StatusStopped:
		return true
	}
	return false
}

// Status is what the service knows of an execution apart from its data.
type Status struct {
	Status ExecutionStatus

	// StartTimestamp is when the execution began, EndTimestamp when it ended. The
	// latter is zero while it runs; each is zero where the service does not tell.
	StartTimestamp, EndTimestamp time.Time

	// DurableExecutionName is the name that the execution was started under.
	DurableExecutionName string

	// Version is the version of the function that runs, as an alias may hide it.
	Version string
}
