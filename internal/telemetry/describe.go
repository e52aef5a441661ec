package telemetry

import (
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"net"
	"syscall"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/tracing"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// setException describes the error of a call on its span, with the AWS SDK for
// Go's properties. The service's message is left out: see describe.
func (o *Observer) setException(span tracing.Span, err error) {
	span.SetProperty("exception.type", typeName(err))
	span.SetProperty("exception.message", o.describe(err))
	var service smithy.APIError
	if errtree.As(err, &service) {
		span.SetProperty("api.error_code", service.ErrorCode())
		span.SetProperty("api.error_fault", service.ErrorFault().String())
	}
}

// errorType names the kind of an error in a word of which there are few: the
// service's code, or the type.
func errorType(err error) string {
	var service smithy.APIError
	if errtree.As(err, &service) {
		return service.ErrorCode()
	}
	return typeName(core(err))
}

func typeName(v any) string {
	if _, ok := v.(*wire.ResponseError); ok {
		v = (*smithyhttp.ResponseError)(nil) // as the AWS SDK for Go names it
	}
	return fmt.Sprintf("%T", v)
}

// core takes off what a call wraps its errors in.
func core(err error) error {
	for {
		switch wrapper := err.(type) { //nolint:errorlint // one layer at a time
		case *retry.MaxAttemptsError:
			err = wrapper.Err
		case *retry.GaveUpError:
			err = wrapper.Err
		case *retry.EarlierAttemptError:
			err = wrapper.Err
		case *smithyhttp.ResponseError:
			err = wrapper.Err
		case *wire.ResponseError:
			err = wrapper.Err
		default:
			return err
		}
	}
}

// describe puts an error into words for logs and spans, which are kept longer
// and read by more people than errors are. It quotes nothing that another party
// wrote: the service's messages repeat parts of requests (what it could not
// parse of a payload, what it expected to be signed), and a credentials
// provider, an HTTP client or middleware may say anything.
func (o *Observer) describe(err error) string {
	var service *errors.LambdaServiceException
	if errtree.As(err, &service) {
		bare := *service
		bare.Message = ""
		return bare.Error()
	}
	switch known := core(err).(type) { //nolint:errorlint // core is bare
	case *errors.TransportError:
		bare := *known
		bare.Err = o.reason(known.Err)
		bare.FunctionName, bare.Host = "", "" // logs and spans have them as attributes
		return bare.Error()
	case *errors.CredentialsError:
		return (&errors.CredentialsError{Err: o.reason(known.Err)}).Error()
	case *errors.ResponseTooLargeError, smithy.InvalidParamsError:
		return known.Error()
	default:
		return o.reason(known).Error()
	}
}

// reason reduces err to an error whose text is fixed, at worst the name of a
// type; nil to nil.
func (o *Observer) reason(err error) error {
	for err != nil {
		switch err { //nolint:errorlint // one layer at a time
		case context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed:
			return err
		}
		for _, known := range o.known {
			if err == known { //nolint:errorlint // one layer at a time
				return err
			}
		}
		var inner error
		switch layer := err.(type) { //nolint:errorlint // one layer at a time
		case syscall.Errno, *net.DNSError:
			return layer
		case smithy.APIError:
			return stderrors.New(layer.ErrorCode())
		case interface{ Unwrap() error }:
			inner = layer.Unwrap()
		case interface{ Unwrap() []error }:
			if causes := layer.Unwrap(); len(causes) > 0 {
				inner = causes[0]
			}
		}
		if inner == nil {
			return leaf(err)
		}
		err = inner
	}
	return nil
}

func leaf(err error) error {
	if network, ok := err.(net.Error); ok && network.Timeout() { //nolint:errorlint // nothing is inside it
		return stderrors.New("timeout")
	}
	return stderrors.New(typeName(err))
}
