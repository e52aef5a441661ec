// Package errlog makes structured log attributes of the errors of a call.
//
// It is a package of its own, and the errors have no LogValue method, because that
// would link log/slog into every program, also those that log nothing.
package errlog

import (
	"log/slog"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// Error returns the attribute "error": a group of what is known of err.
//
//	slog.ErrorContext(ctx, "no charge", errlog.Error(err))
//
// message is the text of err, which may quote what the service said. Then, where
// they are known: code and status of a reply, the stage of a failed transport,
// function, function_error_type, and request_id; and in every case
// may_have_executed. Of a nil err it is an attribute that slog leaves out.
func Error(err error) slog.Attr {
	if err == nil {
		return slog.Attr{}
	}
	return slog.Attr{Key: "error", Value: Value(err)}
}

// Value is the value of [Error], for another key.
func Value(err error) slog.Value {
	if err == nil {
		return slog.Value{}
	}
	attrs := []slog.Attr{slog.String("message", err.Error())}
	add := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, value))
		}
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		add("code", api.ErrorCode())
	}
	var service *errors.LambdaServiceException
	var function *errors.FunctionError
	var transport *errors.TransportError
	switch {
	case errors.As(err, &service):
		if service.StatusCode != 0 {
			attrs = append(attrs, slog.Int("status", service.StatusCode))
		}
		add("request_id", service.RequestID)
	case errors.As(err, &function):
		add("function", function.FunctionName)
		add("function_error_type", function.ErrorType)
		add("request_id", function.RequestID)
	case errors.As(err, &transport):
		add("stage", transport.Stage.String())
		add("function", transport.FunctionName)
		add("request_id", transport.RequestID)
	}
	attrs = append(attrs, slog.Bool("may_have_executed", errors.MayHaveExecuted(err)))
	return slog.GroupValue(attrs...)
}
