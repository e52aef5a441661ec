package retry

import (
	"context"
	"crypto/tls"
	"net/http"
	"slices"
	"strconv"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// Class is what [Classify] tells of an error.
type Class struct {
	// Retryable: another attempt might succeed. Whether it is also safe is
	// MayHaveExecuted's to say.
	Retryable bool

	// Throttle: the service asked for less traffic.
	Throttle bool

	// MayHaveExecuted: the function may have run although the call failed.
	// false is a guarantee.
	MayHaveExecuted bool

	// After is how long the service asked to wait (the Retry-After header of
	// a throttled call), 0 where it did not.
	After time.Duration
}

// Classify tells whether err, as Invoke or one attempt of it returned it, is
// worth another attempt and whether that attempt could run the function a
// second time. It looks at types and codes alone, never at texts. It is safe
// for concurrent use; nil gives the zero Class.
//
// Retryable are transport failures other than a certificate that does not verify
// and a proxy that refuses, the documented exceptions that pass, throttling,
// expired credentials (with fresh ones, once per call), all 5xx replies without a
// documented code, and successes that are not Lambda's. Not retryable are an error of the
// function itself, an end of the caller's context, a refused input, a reply
// over the size limit, and whatever nothing is known of.
//
// Clock skew depends on the reply's Date and on the time signed with; the
// client handles it, and Classify calls such an error not retryable.
func Classify(err error) Class {
	if err == nil {
		return Class{}
	}
	class := Class{MayHaveExecuted: errors.MayHaveExecuted(err)}
	if endedByContext(err) {
		return class
	}

	var service *errors.LambdaServiceException
	var transport *errors.TransportError
	var unexpected *errors.UnexpectedResponseError
	switch {
	case errtree.As(err, &service):
		classifyService(&class, service)
		var throttled *errors.TooManyRequestsException
		if errtree.As(err, &throttled) {
			class.After = throttled.RetryAfter
		}
	case errtree.As(err, &transport):
		class.Retryable = !failsAgain(err)
	case errtree.As(err, &unexpected):
		class.Retryable = true
	}

	var response *smithyhttp.ResponseError
	if class.Throttle && class.After == 0 && errtree.As(err, &response) && response.Response != nil && response.Response.Response != nil {
		class.After = seconds(response.Response.Header.Get("Retry-After")) // a gateway's, or a code outside the table
	}
	return class
}

// failsAgain reports whether the connection failed for a reason that another
// attempt would meet as well: a certificate that does not verify, or a proxy that
// refuses.
func failsAgain(err error) bool {
	var certificate *tls.CertificateVerificationError
	if errtree.As(err, &certificate) {
		return true
	}
	var proxy *errors.ProxyError
	return errtree.As(err, &proxy) && proxy.Refused
}

func classifyService(class *Class, e *errors.LambdaServiceException) {
	if documented, ok := errors.LookupException(e.Code); ok {
		class.Retryable = documented.Retry != errors.RetryNever
		class.Throttle = documented.Retry == errors.RetryThrottle
		return
	}
	switch {
	case errors.IsThrottleCode(e.Code), e.StatusCode == http.StatusTooManyRequests && e.Code != errors.CodeFunctionReply:
		class.Retryable, class.Throttle = true, true
	case e.Code == codeExpiredToken:
		class.Retryable = true
	default:
		class.Retryable = e.StatusCode >= 500
	}
}

// endedByContext reports whether a context's own error is in err's tree. It is
// not errors.Is, because every timeout of package net claims to be
// context.DeadlineExceeded, and a connect timeout is well worth a retry.
func endedByContext(err error) bool {
	if err == context.Canceled || err == context.DeadlineExceeded { //nolint:errorlint // identity is the point
		return true
	}
	switch e := err.(type) { //nolint:errorlint // walks the tree itself
	case interface{ Unwrap() error }:
		return endedByContext(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), endedByContext)
	}
	return false
}

// codeExpiredToken is the one code outside the table that fresh credentials recover from.
const codeExpiredToken = "ExpiredTokenException"

// seconds reads a header's number of them; what is not a sane one is no wish to
// wait.
func seconds(text string) time.Duration {
	n, err := strconv.ParseInt(text, 10, 22)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}
