package wire

import (
	"net/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"
)

// Headers of a request, in the form in which package net/http keeps them.
const (
	HeaderUserAgent            = "User-Agent"
	HeaderContentType          = "Content-Type"
	HeaderInvocationType       = "X-Amz-Invocation-Type"
	HeaderLogType              = "X-Amz-Log-Type"
	HeaderClientContext        = "X-Amz-Client-Context"
	HeaderDurableExecutionName = "X-Amz-Durable-Execution-Name"
	HeaderTenantID             = "X-Amz-Tenant-Id"
	HeaderTraceID              = "X-Amzn-Trace-Id"
	HeaderInvocationID         = "Amz-Sdk-Invocation-Id" // one per call, the same on each attempt
	HeaderSDKRequest           = "Amz-Sdk-Request"       // attempt=1; max=3
)

// Headers of a response.
const (
	HeaderFunctionError       = "X-Amz-Function-Error"
	HeaderLogResult           = "X-Amz-Log-Result"
	HeaderExecutedVersion     = "X-Amz-Executed-Version"
	HeaderDurableExecutionArn = "X-Amz-Durable-Execution-Arn"
	HeaderRequestID           = "X-Amzn-Requestid"
	HeaderRequestIDOther      = "X-Amz-Requestid" // some endpoints say it so
	HeaderErrorType           = "X-Amzn-Errortype"
	HeaderRetryAfter          = "Retry-After" // seconds
	HeaderDate                = "Date"
	HeaderAge                 = "Age"
	headerLocation            = "Location"
)

// Content types.
const (
	ContentTypeJSON        = "application/json"
	ContentTypeEventStream = "application/vnd.amazon.eventstream"
)

// identifierLimit bounds, in bytes, what is taken for a request ID or an error code.
const identifierLimit = 128

// Value is header.Get for one of the names above, which need not be brought into canonical form first, as Get does each time.
func Value(header http.Header, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// FunctionErrorKind returns how a function failed ("Unhandled" or "Handled"), "" where it did not fail. The header means failure even
// if it is empty.
func FunctionErrorKind(header http.Header) string {
	values, failed := header[HeaderFunctionError]
	if !failed {
		return ""
	}
	for _, kind := range values {
		if kind != "" {
			return kind
		}
	}
	return "Unhandled"
}

// Canonical returns header with its names in the form in which package net/http keeps them, which another HTTP client may not do.
func Canonical(header http.Header) http.Header {
	for name := range header {
		if name != http.CanonicalHeaderKey(name) {
			return canonicalCopy(header)
		}
	}
	return header
}

func canonicalCopy(header http.Header) http.Header {
	canonical := make(http.Header, len(header))
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		canonical[name] = append(canonical[name], values...)
	}
	return canonical
}

// RequestID returns the request ID of a response, "" if it has none. Whatever stands there becomes one printable line.
func RequestID(header http.Header) string {
	id := Value(header, HeaderRequestID)
	if id == "" {
		id = Value(header, HeaderRequestIDOther)
	}
	return printable.Text(id, identifierLimit)
}
