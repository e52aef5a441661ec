package errors

import "time"

// Every exception that the operation documents, in the order of their names. What the service says of each (fault, status, whether to
// retry, whether the function may have run) stands in table.go, and the methods that name the type in methods.go.

// CodeArtifactUserDeletedException says that the user through which the function reaches its code artifact is gone.
type CodeArtifactUserDeletedException struct{ LambdaServiceException }

// CodeArtifactUserFailedException says that the user through which the function reaches its code artifact could not be set up.
type CodeArtifactUserFailedException struct{ LambdaServiceException }

// CodeArtifactUserPendingException says that the user through which the function reaches its code artifact is still being set up.
// It passes: try again.
type CodeArtifactUserPendingException struct{ LambdaServiceException }

// DurableExecutionAlreadyStartedException says that an execution with this DurableExecutionName exists with another payload.
// This call did not start a second one.
type DurableExecutionAlreadyStartedException struct{ LambdaServiceException }

// EC2AccessDeniedException says that the execution role lacks the permissions to attach the function to its VPC.
type EC2AccessDeniedException struct{ LambdaServiceException }

// EC2ThrottledException says that EC2 throttled the service while it prepared the function's VPC access. It passes: try again, slower.
type EC2ThrottledException struct{ LambdaServiceException }

// EC2UnexpectedException says that EC2 answered the service with an error it did not expect while it prepared the function's VPC access.
type EC2UnexpectedException struct {
	LambdaServiceException
	// EC2ErrorCode is the code that EC2 answered with. Empty if the service did not pass it on.
	EC2ErrorCode string
}

// EFSIOException says that reading from or writing to the function's mounted file system failed. The function was running by then.
type EFSIOException struct{ LambdaServiceException }

// EFSMountConnectivityException says that the function's file system could not be reached over the network.
type EFSMountConnectivityException struct{ LambdaServiceException }

// EFSMountFailureException says that the function's file system refused to be mounted: a permission or a setting is wrong.
type EFSMountFailureException struct{ LambdaServiceException }

// EFSMountTimeoutException says that the function's file system was reached, but not mounted in time.
type EFSMountTimeoutException struct{ LambdaServiceException }

// ENILimitReachedException says that the account has no network interface left for the function's VPC access.
type ENILimitReachedException struct{ LambdaServiceException }

// ENINotReadyException says that the network interface for the function's VPC access is still being made. It passes: try again.
type ENINotReadyException struct{ LambdaServiceException }

// InvalidParameterValueException says that the service does not accept one of the request's parameters.
type InvalidParameterValueException struct{ LambdaServiceException }

// InvalidRuntimeException says that the function's runtime, or this version of it, is not supported.
type InvalidRuntimeException struct{ LambdaServiceException }

// InvalidSecurityGroupIDException says that the function's VPC settings name a security group that is not valid.
type InvalidSecurityGroupIDException struct{ LambdaServiceException }

// InvalidSubnetIDException says that the function's VPC settings name a subnet that is not valid.
type InvalidSubnetIDException struct{ LambdaServiceException }

// InvalidZipFileException says that the function's deployment package cannot be unpacked.
type InvalidZipFileException struct{ LambdaServiceException }

// KMSAccessDeniedException says that the service may not use the key that protects the function's environment variables.
type KMSAccessDeniedException struct{ LambdaServiceException }

// KMSDisabledException says that the key that protects the function's environment variables is disabled.
type KMSDisabledException struct{ LambdaServiceException }

// KMSInvalidStateException says that the key that protects the function's environment variables is in a state that forbids decryption.
type KMSInvalidStateException struct{ LambdaServiceException }

// KMSNotFoundException says that the key that protects the function's environment variables does not exist.
type KMSNotFoundException struct{ LambdaServiceException }

// ModeNotSupportedException says that the function cannot be invoked in the way the request asks for.
type ModeNotSupportedException struct{ LambdaServiceException }

// NoPublishedVersionException says that the request needs a published version and the function has none.
type NoPublishedVersionException struct{ LambdaServiceException }

// RecursiveInvocationException says that the service broke a loop in which functions keep invoking one another.
type RecursiveInvocationException struct{ LambdaServiceException }

// RequestTooLargeException says that the payload exceeds the service's limit: 6 MB for a synchronous, 1 MB for an asynchronous call.
// The service itself calls it RequestEntityTooLargeException on the wire.
type RequestTooLargeException struct{ LambdaServiceException }

// ResourceConflictException says that another operation on the function is in progress. It passes: try again.
type ResourceConflictException struct{ LambdaServiceException }

// ResourceNotFoundException says that there is no such function, version or alias in this account and region.
type ResourceNotFoundException struct{ LambdaServiceException }

// ResourceNotReadyException says that the function was idle for long and its VPC connection is being made anew. It passes: try again.
type ResourceNotReadyException struct{ LambdaServiceException }

// S3FilesMountConnectivityException says that the function's S3 file system could not be reached over the network.
type S3FilesMountConnectivityException struct{ LambdaServiceException }

// S3FilesMountFailureException says that the function's S3 file system refused to be mounted: a permission or a setting is wrong.
type S3FilesMountFailureException struct{ LambdaServiceException }

// S3FilesMountTimeoutException says that the function's S3 file system was reached, but not mounted in time.
type S3FilesMountTimeoutException struct{ LambdaServiceException }

// SerializedRequestEntityTooLargeException says that the request exceeds the service's limit in the form in which the service keeps it.
type SerializedRequestEntityTooLargeException struct{ LambdaServiceException }

// ServiceException says that the service failed inside. It does not say when: the function may have run.
type ServiceException struct{ LambdaServiceException }

// ServiceQuotaExceededException says that the account has used up one of its quotas, which waiting does not refill.
type ServiceQuotaExceededException struct{ LambdaServiceException }

// SnapStartException says that the function's hook that runs after a snapshot is restored failed. The handler was not entered.
type SnapStartException struct{ LambdaServiceException }

// SnapStartNotReadyException says that the function's snapshot is still being made. It passes: try again.
type SnapStartNotReadyException struct{ LambdaServiceException }

// SnapStartRegenerationFailureException says that the function's snapshot had to be made anew, and could not be.
type SnapStartRegenerationFailureException struct{ LambdaServiceException }

// SnapStartTimeoutException says that the function's snapshot was not restored in time. It passes: try again.
type SnapStartTimeoutException struct{ LambdaServiceException }

// SubnetIPAddressLimitReachedException says that a subnet in the function's VPC settings has no address left.
type SubnetIPAddressLimitReachedException struct{ LambdaServiceException }

// TooManyRequestsException says that a rate or concurrency limit was reached. It passes: try again, slower.
type TooManyRequestsException struct {
	LambdaServiceException
	// Reason names the limit. Empty if the service did not; values that are not declared here may come.
	Reason ThrottleReason
	// RetryAfter is how long the service asks to wait. Zero if it did not ask.
	RetryAfter time.Duration
}

// Error names the limit and the wait asked for as well, where the service said them.
func (e *TooManyRequestsException) Error() string {
	var details []string
	if e.Reason != "" {
		details = append(details, string(e.Reason))
	}
	if e.RetryAfter != 0 {
		details = append(details, "retry after "+e.RetryAfter.String())
	}
	return e.text("TooManyRequestsException", details...)
}

// UnsupportedMediaTypeException says that the payload's content type is not one the service takes.
type UnsupportedMediaTypeException struct{ LambdaServiceException }
