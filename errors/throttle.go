package errors

// ThrottleReason names the limit that a [TooManyRequestsException] ran into. The service may add values that are not declared here.
type ThrottleReason string

// The limits the service documents.
const (
	// ThrottleConcurrentInvocations is the account's limit of functions running at the same time.
	ThrottleConcurrentInvocations ThrottleReason = "ConcurrentInvocationLimitExceeded"
	// ThrottleInvocationRate is the limit of invocations per second.
	ThrottleInvocationRate ThrottleReason = "FunctionInvocationRateLimitExceeded"
	// ThrottleReservedConcurrency is the concurrency reserved for this function.
	ThrottleReservedConcurrency ThrottleReason = "ReservedFunctionConcurrentInvocationLimitExceeded"
	// ThrottleReservedInvocationRate is the invocations per second that this function's reserved concurrency allows.
	ThrottleReservedInvocationRate ThrottleReason = "ReservedFunctionInvocationRateLimitExceeded"
	// ThrottleCallerRate is the limit of requests per second of one caller.
	ThrottleCallerRate ThrottleReason = "CallerRateLimitExceeded"
	// ThrottleConcurrentSnapshots is the account's limit of snapshots being made at the same time.
	ThrottleConcurrentSnapshots ThrottleReason = "ConcurrentSnapshotCreateLimitExceeded"
)

// IsThrottleCode reports whether code says that the request was refused for coming too fast: the documented exceptions that do, and
// the codes that services and gateways of AWS have in common. Such a request was not passed on to the function.
//
// Some codes that the AWS SDKs take for throttling are left out, because not having run is a guarantee here:
// TransactionInProgressException and PriorRequestNotComplete say that something with this identity is running;
// BandwidthLimitExceeded may be about the reply; LimitExceededException is a quota that slowing down does not lift.
func IsThrottleCode(code string) bool {
	switch code {
	case "Throttling",
		"ThrottlingException",
		"ThrottledException",
		"RequestThrottled",
		"RequestThrottledException",
		"RequestLimitExceeded",
		"ProvisionedThroughputExceededException",
		"SlowDown":
		return true
	}
	x, ok := LookupException(code)
	return ok && x.Retry == RetryThrottle
}
