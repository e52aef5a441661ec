package batch

import (
	stderrors "errors"
	"strings"
	"unicode/utf8"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
)

// The types of errors that this program makes itself.
const (
	typeNotJSON     = "NotJSON"     // the line is no payload; nothing was sent
	typeTooLong     = "LineTooLong" // likewise
	typeCutShort    = "LineCutShort"
	typeInterrupted = "Interrupted" // the process ended while the call was in flight
)

// faultFailure is the failure of a line that is no payload.
func faultFailure(fault error) *results.Failure {
	kind := typeNotJSON
	switch {
	case stderrors.Is(fault, lines.ErrTooLong):
		kind = typeTooLong
	case stderrors.Is(fault, lines.ErrCutShort):
		kind = typeCutShort
	}
	return &results.Failure{Type: kind, Message: fault.Error()}
}

// interrupted is the failure of an item that was in flight when an earlier
// process ended.
func interrupted() *results.Failure {
	return &results.Failure{Type: typeInterrupted, Message: "the process ended while the call was in flight"}
}

// callFailure is the failure of an item whose call has failed with err.
func callFailure(err error) *results.Failure {
	f := &results.Failure{Message: brief(err.Error())}
	var function *errors.FunctionError
	var service *errors.LambdaServiceException
	var transport *errors.TransportError
	switch {
	case stderrors.As(err, &function):
		f.Type, f.Message = function.ErrorType, brief(function.ErrorMessage)
		f.FunctionError, f.RequestID = function.FunctionError, function.RequestID
		if f.Type == "" {
			f.Type = "FunctionError"
		}
		if f.FunctionError == "" {
			f.FunctionError = "Unhandled"
		}
	case stderrors.As(err, &service):
		f.Type, f.RequestID = service.Code, service.RequestID
		if f.Type == "" {
			f.Type = "LambdaServiceException"
		}
	case stderrors.As(err, &transport):
		f.Type = "TransportError"
	default:
		f.Type = "Error"
		for _, known := range knownTypes {
			if known.is(err) {
				f.Type = known.name
				break
			}
		}
	}
	return f
}

// knownTypes are further errors of the library.
var knownTypes = [...]struct {
	name string
	is   func(error) bool
}{
	{"ResponseTooLargeError", is[*errors.ResponseTooLargeError]},
	{"ContentTypeError", is[*errors.ContentTypeError]},
	{"DecodeError", is[*errors.DecodeError]},
	{"CredentialsError", is[*errors.CredentialsError]},
	{"OptionsError", is[*errors.OptionsError]},
	{"InvalidParamsError", is[smithy.InvalidParamsError]},
}

func is[E error](err error) bool {
	var target E
	return stderrors.As(err, &target)
}

// brief bounds what an error can add to the results.
func brief(text string) string {
	const most = 4 << 10
	if text = strings.ToValidUTF8(text, "�"); len(text) <= most {
		return text
	}
	cut := most
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// endsJob reports whether an error is about the job and not about the item, so
// that every further item would have it too.
func endsJob(err error) bool {
	if is[*errors.CredentialsError](err) || is[*errors.OptionsError](err) {
		return true
	}
	var service *errors.LambdaServiceException
	if !stderrors.As(err, &service) {
		return false
	}
	switch service.Code {
	case "ResourceNotFoundException", "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException",
		"SignatureDoesNotMatch", "ExpiredTokenException", "InvalidClientTokenId", "MissingAuthenticationTokenException",
		"IncompleteSignatureException", "OptInRequired", "RequestTimeTooSkewed":
		return true
	}
	return false
}
