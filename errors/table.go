package errors

//go:generate go run methods_gen.go

import (
	"reflect"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// RetryKind says whether and how a request that an exception refused is worth sending again. It does not say that it is safe:
// see [ExceptionInfo.MayHaveExecuted].
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

// ExceptionInfo is a row of the table of documented exceptions: what is known of each before one has occurred.
type ExceptionInfo struct {
	Fault           smithy.ErrorFault // which side erred
	StatusCode      int               // the HTTP status it comes with
	Retry           RetryKind         // whether it is worth another attempt
	MayHaveExecuted bool              // whether the function may have run; false is a guarantee
	Code            string            // the name, which is also that of its type

	kind error // a nil pointer of its type
}

// New makes a fresh value of the exception's own type with base in it. Code and Fault are set from the table, whatever base says;
// the members that only some types have are left zero. On a zero ExceptionInfo it gives a bare *LambdaServiceException, base as it is.
func (x ExceptionInfo) New(base LambdaServiceException) error {
	if x.kind == nil {
		return &base
	}
	base.Code, base.Fault = x.Code, x.Fault
	// By reflection, because a constructor for each type would be 43 functions in every program that is linked.
	e := reflect.New(reflect.TypeOf(x.kind).Elem())
	*e.Elem().Field(0).Addr().Interface().(*LambdaServiceException) = base // every type begins with it
	return e.Interface().(error)
}

// Exceptions returns every documented exception, by name. The slice is the caller's own.
func Exceptions() []ExceptionInfo { return slices.Clone(table[:]) }

// LookupException finds the documented exception that the service means by code: its name, the other name that the service has for
// it on the wire, or the name without its ending "Exception", as SAM's local endpoint says it.
func LookupException(code string) (ExceptionInfo, bool) {
	if x, ok := lookup(code); ok {
		return x, true
	}
	return lookup(code + "Exception")
}

func lookup(name string) (ExceptionInfo, bool) {
	if name == "RequestEntityTooLargeException" {
		name = "RequestTooLargeException"
	}
	i, found := slices.BinarySearchFunc(table[:], name, func(x ExceptionInfo, name string) int {
		return strings.Compare(x.Code, name)
	})
	if !found {
		return ExceptionInfo{}, false
	}
	return table[i], true
}

// The table's words, of equal width so that its columns align.
const (
	client, server      = smithy.FaultClient, smithy.FaultServer
	never, again, later = RetryNever, RetryTransient, RetryThrottle
	not, may            = false, true
)

// table holds every documented exception, sorted by name. Nothing writes to it.
var table = [...]ExceptionInfo{
	// fault, status, retry, may have run, code, type
	{client, 409, never, not, "CodeArtifactUserDeletedException", (*CodeArtifactUserDeletedException)(nil)},
	{client, 409, never, not, "CodeArtifactUserFailedException", (*CodeArtifactUserFailedException)(nil)},
	{client, 409, again, not, "CodeArtifactUserPendingException", (*CodeArtifactUserPendingException)(nil)},
	{client, 409, never, not, "DurableExecutionAlreadyStartedException", (*DurableExecutionAlreadyStartedException)(nil)},
	{server, 502, never, not, "EC2AccessDeniedException", (*EC2AccessDeniedException)(nil)},
	{server, 502, later, not, "EC2ThrottledException", (*EC2ThrottledException)(nil)},
	{server, 502, again, not, "EC2UnexpectedException", (*EC2UnexpectedException)(nil)},
	{client, 410, never, may, "EFSIOException", (*EFSIOException)(nil)},
	{client, 408, again, not, "EFSMountConnectivityException", (*EFSMountConnectivityException)(nil)},
	{client, 403, never, not, "EFSMountFailureException", (*EFSMountFailureException)(nil)},
	{client, 408, again, not, "EFSMountTimeoutException", (*EFSMountTimeoutException)(nil)},
	{server, 502, never, not, "ENILimitReachedException", (*ENILimitReachedException)(nil)},
	{server, 502, again, not, "ENINotReadyException", (*ENINotReadyException)(nil)},
	{client, 400, never, not, "InvalidParameterValueException", (*InvalidParameterValueException)(nil)},
	{client, 400, never, not, "InvalidRequestContentException", (*InvalidRequestContentException)(nil)},
	{server, 502, never, not, "InvalidRuntimeException", (*InvalidRuntimeException)(nil)},
	{server, 502, never, not, "InvalidSecurityGroupIDException", (*InvalidSecurityGroupIDException)(nil)},
	{server, 502, never, not, "InvalidSubnetIDException", (*InvalidSubnetIDException)(nil)},
	{server, 502, never, not, "InvalidZipFileException", (*InvalidZipFileException)(nil)},
	{server, 502, never, not, "KMSAccessDeniedException", (*KMSAccessDeniedException)(nil)},
	{server, 502, never, not, "KMSDisabledException", (*KMSDisabledException)(nil)},
	{server, 502, never, not, "KMSInvalidStateException", (*KMSInvalidStateException)(nil)},
	{server, 502, never, not, "KMSNotFoundException", (*KMSNotFoundException)(nil)},
	{client, 400, never, not, "ModeNotSupportedException", (*ModeNotSupportedException)(nil)},
	{client, 400, never, not, "NoPublishedVersionException", (*NoPublishedVersionException)(nil)},
	{client, 400, never, not, "RecursiveInvocationException", (*RecursiveInvocationException)(nil)},
	{client, 413, never, not, "RequestTooLargeException", (*RequestTooLargeException)(nil)},
	{client, 409, again, not, "ResourceConflictException", (*ResourceConflictException)(nil)},
	{client, 404, never, not, "ResourceNotFoundException", (*ResourceNotFoundException)(nil)},
	{server, 502, again, not, "ResourceNotReadyException", (*ResourceNotReadyException)(nil)},
	{client, 408, again, not, "S3FilesMountConnectivityException", (*S3FilesMountConnectivityException)(nil)},
	{client, 403, never, not, "S3FilesMountFailureException", (*S3FilesMountFailureException)(nil)},
	{client, 408, again, not, "S3FilesMountTimeoutException", (*S3FilesMountTimeoutException)(nil)},
	{client, 413, never, not, "SerializedRequestEntityTooLargeException", (*SerializedRequestEntityTooLargeException)(nil)},
	{server, 500, again, may, "ServiceException", (*ServiceException)(nil)},
	{client, 402, never, not, "ServiceQuotaExceededException", (*ServiceQuotaExceededException)(nil)},
	{client, 400, never, not, "SnapStartException", (*SnapStartException)(nil)},
	{client, 409, again, not, "SnapStartNotReadyException", (*SnapStartNotReadyException)(nil)},
	{client, 409, never, not, "SnapStartRegenerationFailureException", (*SnapStartRegenerationFailureException)(nil)},
	{client, 408, again, not, "SnapStartTimeoutException", (*SnapStartTimeoutException)(nil)},
	{server, 502, never, not, "SubnetIPAddressLimitReachedException", (*SubnetIPAddressLimitReachedException)(nil)},
	{client, 429, later, not, "TooManyRequestsException", (*TooManyRequestsException)(nil)},
	{client, 415, never, not, "UnsupportedMediaTypeException", (*UnsupportedMediaTypeException)(nil)},
}
