// Package errors holds the errors that a call of a Lambda function can end with, and answers the question that matters most
// afterwards: may the function have run?
//
// # Which errors are worth handling
//
// A call fails in one of four ways, and each has a type of its own:
//
//   - The function ran and failed: [*FunctionError].
//   - The service refused or gave up: one of 43 exceptions such as [*ResourceNotFoundException], each of which is also a
//     [*LambdaServiceException]. A code that the service does not document arrives as a bare *LambdaServiceException.
//   - The connection failed: [*TransportError], which names the [Stage] that was reached.
//   - This side failed: [*OptionsError] and [*CredentialsError] before anything was sent; [*ResponseTooLargeError],
//     [*UnexpectedResponseError] and [*DecodeError] afterwards; [*StreamError] where an exception came after a stream had begun;
//     [*HTTPPreludeError] where a stream does not begin as an HTTP reply.
//
// An input that cannot be sent is a smithy.InvalidParamsError or a *smithy.SerializationError. Package retry has the wrappers that
// tell of retries: MaxAttemptsError, GaveUpError and EarlierAttemptError.
//
// All of them are found with [As], however deep a caller has wrapped them:
//
//	var missing *errors.ResourceNotFoundException
//	var api *errors.LambdaServiceException
//	switch {
//	case errors.As(err, &missing): // this exception
//	case errors.As(err, &api):     // any exception: api.Code, api.StatusCode, api.RequestID
//	}
//
// A test's fake may return an empty value, such as &TooManyRequestsException{}: it knows its code, fault and status from its type, and is
// classified like one that the service sent. Its members stay empty; read them through the methods, or through the base that As finds.
//
// # Was it run
//
// [MayHaveExecuted] takes any error. Its false is a guarantee: the handler was not entered on behalf of this call. Its true says
// only that nobody can know. A payment may be sent again after false, and not after true.
//
// # One import
//
// The package re-exports the functions of the standard library's package of the same name, so that no file needs both.
package errors
