package wire

import smithyhttp "github.com/aws/smithy-go/transport/http"

// ResponseError is smithy-go's error of the same name, with the text of the error in it alone: that has the status already.
type ResponseError struct{ smithyhttp.ResponseError }

// NewResponseError puts err, the error of a response, into the error that the caller gets.
func NewResponseError(response *smithyhttp.Response, err error) *ResponseError {
	return &ResponseError{smithyhttp.ResponseError{Response: response, Err: err}}
}

// Error is that of the error inside.
func (e *ResponseError) Error() string { return e.Err.Error() }

// As finds smithy-go's type, which is what callers ask for.
func (e *ResponseError) As(target any) bool {
	response, ok := target.(**smithyhttp.ResponseError)
	if ok {
		*response = &e.ResponseError
	}
	return ok
}
