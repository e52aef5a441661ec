package errors_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// documented is the service's own list, kept apart from the table so that neither can change alone.
var documented = []struct {
	name   string
	fault  string
	status int
	retry  string
	may    bool
}{
	{"CodeArtifactUserDeletedException", "client", 409, "never", false},
	{"CodeArtifactUserFailedException", "client", 409, "never", false},
	{"CodeArtifactUserPendingException", "client", 409, "transient", false},
	{"DurableExecutionAlreadyStartedException", "client", 409, "never", false},
	{"EC2AccessDeniedException", "server", 502, "never", false},
	{"EC2ThrottledException", "server", 502, "throttle", false},
	{"EC2UnexpectedException", "server", 502, "transient", false},
	{"EFSIOException", "client", 410, "never", true},
	{"EFSMountConnectivityException", "client", 408, "transient", false},
	{"EFSMountFailureException", "client", 403, "never", false},
	{"EFSMountTimeoutException", "client", 408, "transient", false},
	{"ENILimitReachedException", "server", 502, "never", false},
	{"ENINotReadyException", "server", 502, "transient", false},
	{"InvalidParameterValueException", "client", 400, "never", false},
	{"InvalidRequestContentException", "client", 400, "never", false},
	{"InvalidRuntimeException", "server", 502, "never", false},
	{"InvalidSecurityGroupIDException", "server", 502, "never", false},
	{"InvalidSubnetIDException", "server", 502, "never", false},
	{"InvalidZipFileException", "server", 502, "never", false},
	{"KMSAccessDeniedException", "server", 502, "never", false},
	{"KMSDisabledException", "server", 502, "never", false},
	{"KMSInvalidStateException", "server", 502, "never", false},
	{"KMSNotFoundException", "server", 502, "never", false},
	{"ModeNotSupportedException", "client", 400, "never", false},
	{"NoPublishedVersionException", "client", 400, "never", false},
	{"RecursiveInvocationException", "client", 400, "never", false},
	{"RequestTooLargeException", "client", 413, "never", false},
	{"ResourceConflictException", "client", 409, "transient", false},
	{"ResourceNotFoundException", "client", 404, "never", false},
	{"ResourceNotReadyException", "server", 502, "transient", false},
	{"S3FilesMountConnectivityException", "client", 408, "transient", false},
	{"S3FilesMountFailureException", "client", 403, "never", false},
	{"S3FilesMountTimeoutException", "client", 408, "transient", false},
	{"SerializedRequestEntityTooLargeException", "client", 413, "never", false},
	{"ServiceException", "server", 500, "transient", true},
	{"ServiceQuotaExceededException", "client", 402, "never", false},
	{"SnapStartException", "client", 400, "never", false},
	{"SnapStartNotReadyException", "client", 409, "transient", false},
	{"SnapStartRegenerationFailureException", "client", 409, "never", false},
	{"SnapStartTimeoutException", "client", 408, "transient", false},
	{"SubnetIPAddressLimitReachedException", "server", 502, "never", false},
	{"TooManyRequestsException", "client", 429, "throttle", false},
	{"UnsupportedMediaTypeException", "client", 415, "never", false},
}

func TestTableIsTheDocumentedSet(t *testing.T) {
	rows := errors.Exceptions()
	require.Len(t, rows, 43)
	require.Len(t, rows, len(documented))
	for i, want := range documented {
		got := rows[i]
		require.Equal(t, want.name, got.Code)
		require.Equal(t, want.fault, got.Fault.String(), want.name)
		require.Equal(t, want.status, got.StatusCode, want.name)
		require.Equal(t, want.retry, got.Retry.String(), want.name)
		require.Equal(t, want.may, got.MayHaveExecuted, want.name)
	}
}

func TestEveryExceptionIsFoundAsItselfAsBaseAndAsAPIError(t *testing.T) {
	for _, row := range errors.Exceptions() {
		t.Run(row.Code, func(t *testing.T) {
			inner := row.New(errors.LambdaServiceException{
				Code: "as on the wire", Message: "why", Type: "User", Fault: 99, StatusCode: row.StatusCode, RequestID: "id",
			})
			concrete := reflect.TypeOf(inner)
			require.Equal(t, row.Code, concrete.Elem().Name())

			err := fmt.Errorf("caller: %w", errors.Join(errors.New("other"), fmt.Errorf("deeper: %w", inner)))

			target := reflect.New(concrete)
			require.True(t, errors.As(err, target.Interface()))
			require.Same(t, inner, target.Elem().Interface())

			var base *errors.LambdaServiceException
			require.True(t, errors.As(err, &base))
			require.Equal(t, &errors.LambdaServiceException{
				Code: row.Code, Message: "why", Type: "User", Fault: row.Fault, StatusCode: row.StatusCode, RequestID: "id",
			}, base)

			var api smithy.APIError
			require.True(t, errors.As(err, &api))
			require.Equal(t, row.Code, api.ErrorCode())
			require.Equal(t, "why", api.ErrorMessage())
			require.Equal(t, row.Fault, api.ErrorFault())

			for _, other := range errors.Exceptions() {
				if other.Code != row.Code {
					require.False(t, errors.As(err, reflect.New(reflect.TypeOf(other.New(*base))).Interface()), other.Code)
				}
			}
			require.Equal(t, row.MayHaveExecuted, errors.MayHaveExecuted(fmt.Errorf("caller: %w", inner)))
			require.Equal(t, fmt.Sprintf("%s: why (status %d, request ID id)", row.Code, row.StatusCode), inner.Error())
		})
	}
}

func TestNewMakesAFreshValueEachTime(t *testing.T) {
	for _, row := range errors.Exceptions() {
		var first, second *errors.LambdaServiceException
		require.True(t, errors.As(row.New(errors.LambdaServiceException{}), &first))
		require.True(t, errors.As(row.New(errors.LambdaServiceException{}), &second))
		first.Message = "changed"
		require.Empty(t, second.Message, row.Code)
	}
}

func TestNewOfNoRowIsTheBareBase(t *testing.T) {
	base := errors.LambdaServiceException{Code: "Odd", Fault: smithy.FaultClient}
	require.Equal(t, &base, errors.ExceptionInfo{}.New(base))
}

func TestExceptionsBelongToTheCaller(t *testing.T) {
	errors.Exceptions()[0].Code = "changed"
	require.Equal(t, documented[0].name, errors.Exceptions()[0].Code)
}

func TestLookupException(t *testing.T) {
	for _, row := range documented {
		got, ok := errors.LookupException(row.name)
		require.True(t, ok)
		require.Equal(t, row.name, got.Code)

		got, ok = errors.LookupException(row.name[:len(row.name)-len("Exception")])
		require.True(t, ok, "without the ending")
		require.Equal(t, row.name, got.Code)
	}
	for code, want := range map[string]string{
		"RequestEntityTooLargeException": "RequestTooLargeException",
		"RequestEntityTooLarge":          "RequestTooLargeException",
		"AccessDeniedException":          "",
		"ThrottlingException":            "",
		"resourcenotfoundexception":      "",
		"Exception":                      "",
		"":                               "",
	} {
		got, ok := errors.LookupException(code)
		require.Equal(t, want != "", ok, code)
		require.Equal(t, want, got.Code, code)
	}
}

func TestIsThrottleCode(t *testing.T) {
	for code, want := range map[string]bool{
		"Throttling":                             true,
		"ThrottlingException":                    true,
		"ThrottledException":                     true,
		"RequestThrottled":                       true,
		"RequestThrottledException":              true,
		"RequestLimitExceeded":                   true,
		"ProvisionedThroughputExceededException": true,
		"SlowDown":                               true,
		"TooManyRequestsException":               true,
		"TooManyRequests":                        true,
		"EC2ThrottledException":                  true,

		"TransactionInProgressException": false,
		"PriorRequestNotComplete":        false,
		"BandwidthLimitExceeded":         false,
		"LimitExceededException":         false,
		"ServiceQuotaExceededException":  false,
		"ServiceException":               false,
		"throttling":                     false,
		"":                               false,
	} {
		require.Equal(t, want, errors.IsThrottleCode(code), code)
	}
}

func TestOnlyTheDocumentedThrottlesAreThrottleCodes(t *testing.T) {
	for _, row := range documented {
		require.Equal(t, row.retry == "throttle", errors.IsThrottleCode(row.name), row.name)
	}
}
