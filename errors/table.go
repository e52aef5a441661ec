package errors

import (
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// RetryKind says whether and how a request that an exception refused is worth sending again. It does not say that it is safe:
// see [Exception.MayHaveExecuted].
type RetryKind int

// The kinds of retry. The zero value is RetryNever.
const (
	RetryNever     RetryKind = iota // the same request would fail the same way
	RetryTransient                  // passes by itself, and soon
	RetryThrottle                   // passes by itself if the caller slows down
)

// String returns "never", "transient" or "throttle".
func (k RetryKind) String() string {
	switch k {
	case RetryTransient:
		return "transient"
	case RetryThrottle:
		return "throttle"
	default:
		return "never"
	}
}

// Exception is a row of the table of documented exceptions: what is known of each before one has occurred.
type Exception struct {
	Fault           smithy.ErrorFault // which side erred
	StatusCode      int               // the HTTP status it comes with
	Retry           RetryKind         // whether it is worth another attempt
	MayHaveExecuted bool              // whether the function may have run; false is a guarantee
	Code            string            // the name, which is also that of its type

	make func(LambdaServiceException) error
}

// New makes a fresh value of the exception's own type with base in it. Code and Fault are set from the table, whatever base says;
// the members that only some types have are left zero. On a zero Exception it gives a bare *LambdaServiceException, base as it is.
func (x Exception) New(base LambdaServiceException) error {
	if x.make == nil {
		return &base
	}
	base.Code, base.Fault = x.Code, x.Fault
	return x.make(base)
}

// Exceptions returns every documented exception, by name. The slice is the caller's own.
func Exceptions() []Exception { return slices.Clone(table[:]) }

// LookupException finds the documented exception that the service means by code: its name, the other name that the service has for
// it on the wire, or the name without its ending "Exception", as SAM's local endpoint says it.
func LookupException(code string) (Exception, bool) {
	if x, ok := lookup(code); ok {
		return x, true
	}
	return lookup(code + "Exception")
}

func lookup(name string) (Exception, bool) {
	if name == "RequestEntityTooLargeException" {
		name = "RequestTooLargeException"
	}
	i, found := slices.BinarySearchFunc(table[:], name, func(x Exception, name string) int {
		return strings.Compare(x.Code, name)
	})
	if !found {
		return Exception{}, false
	}
	return table[i], true
}

// as makes a T with base in it.
func as[T any, P interface {
	*T
	error
	embedded() *LambdaServiceException
}](base LambdaServiceException) error {
	p := P(new(T))
	*p.embedded() = base
	return p
}

// The table's words, of equal width so that its columns align.
const (
	client, server      = smithy.FaultClient, smithy.FaultServer
	never, again, later = RetryNever, RetryTransient, RetryThrottle
	not, may            = false, true
)

// table holds every documented exception, sorted by name. Nothing writes to it.
var table = [...]Exception{
	// fault, status, retry, executed, code, constructor
	{client, 409, never, not, "CodeArtifactUserDeletedException", as[CodeArtifactUserDeletedException]},
	{client, 409, never, not, "CodeArtifactUserFailedException", as[CodeArtifactUserFailedException]},
	{client, 409, again, not, "CodeArtifactUserPendingException", as[CodeArtifactUserPendingException]},
	{client, 409, never, not, "DurableExecutionAlreadyStartedException", as[DurableExecutionAlreadyStartedException]},
	{server, 502, never, not, "EC2AccessDeniedException", as[EC2AccessDeniedException]},
	{server, 502, later, not, "EC2ThrottledException", as[EC2ThrottledException]},
	{server, 502, again, not, "EC2UnexpectedException", as[EC2UnexpectedException]},
	{client, 410, never, may, "EFSIOException", as[EFSIOException]},
	{client, 408, again, not, "EFSMountConnectivityException", as[EFSMountConnectivityException]},
	{client, 403, never, not, "EFSMountFailureException", as[EFSMountFailureException]},
	{client, 408, again, not, "EFSMountTimeoutException", as[EFSMountTimeoutException]},
	{server, 502, never, not, "ENILimitReachedException", as[ENILimitReachedException]},
	{server, 502, again, not, "ENINotReadyException", as[ENINotReadyException]},
	{client, 400, never, not, "InvalidParameterValueException", as[InvalidParameterValueException]},
	{client, 400, never, not, "InvalidRequestContentException", as[InvalidRequestContentException]},
	{server, 502, never, not, "InvalidRuntimeException", as[InvalidRuntimeException]},
	{server, 502, never, not, "InvalidSecurityGroupIDException", as[InvalidSecurityGroupIDException]},
	{server, 502, never, not, "InvalidSubnetIDException", as[InvalidSubnetIDException]},
	{server, 502, never, not, "InvalidZipFileException", as[InvalidZipFileException]},
	{server, 502, never, not, "KMSAccessDeniedException", as[KMSAccessDeniedException]},
	{server, 502, never, not, "KMSDisabledException", as[KMSDisabledException]},
	{server, 502, never, not, "KMSInvalidStateException", as[KMSInvalidStateException]},
	{server, 502, never, not, "KMSNotFoundException", as[KMSNotFoundException]},
	{client, 400, never, not, "ModeNotSupportedException", as[ModeNotSupportedException]},
	{client, 400, never, not, "NoPublishedVersionException", as[NoPublishedVersionException]},
	{client, 400, never, not, "RecursiveInvocationException", as[RecursiveInvocationException]},
	{client, 413, never, not, "RequestTooLargeException", as[RequestTooLargeException]},
	{client, 409, again, not, "ResourceConflictException", as[ResourceConflictException]},
	{client, 404, never, not, "ResourceNotFoundException", as[ResourceNotFoundException]},
	{server, 502, again, not, "ResourceNotReadyException", as[ResourceNotReadyException]},
	{client, 408, again, not, "S3FilesMountConnectivityException", as[S3FilesMountConnectivityException]},
	{client, 403, never, not, "S3FilesMountFailureException", as[S3FilesMountFailureException]},
	{client, 408, again, not, "S3FilesMountTimeoutException", as[S3FilesMountTimeoutException]},
	{client, 413, never, not, "SerializedRequestEntityTooLargeException", as[SerializedRequestEntityTooLargeException]},
	{server, 500, again, may, "ServiceException", as[ServiceException]},
	{client, 402, never, not, "ServiceQuotaExceededException", as[ServiceQuotaExceededException]},
	{client, 400, never, not, "SnapStartException", as[SnapStartException]},
	{client, 409, again, not, "SnapStartNotReadyException", as[SnapStartNotReadyException]},
	{client, 409, never, not, "SnapStartRegenerationFailureException", as[SnapStartRegenerationFailureException]},
	{client, 408, again, not, "SnapStartTimeoutException", as[SnapStartTimeoutException]},
	{server, 502, never, not, "SubnetIPAddressLimitReachedException", as[SubnetIPAddressLimitReachedException]},
	{client, 429, later, not, "TooManyRequestsException", as[TooManyRequestsException]},
	{client, 415, never, not, "UnsupportedMediaTypeException", as[UnsupportedMediaTypeException]},
}
