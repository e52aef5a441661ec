package invoke

import (
	"encoding/base64"
	"fmt"

	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// InvokeOutput is the service's reply to a call that it accepted. That a
// function was run does not mean that it succeeded: see FunctionError and
// [InvokeOutput.Err].
type InvokeOutput struct {
	// StatusCode is 200 for RequestResponse, 202 for Event, 204 for DryRun.
	StatusCode int

	// ExecutedVersion is the version that ran, as an alias may hide it. Empty
	// for Event and DryRun.
	ExecutedVersion string

	// FunctionError is empty when the function succeeded, else "Unhandled" or
	// "Handled". Payload then describes the error; Err makes it a Go error.
	FunctionError string

	// LogResult is the end of the execution log in base64, as on the wire, when
	// the input asked for it. Log decodes it.
	LogResult Base64

	// DurableExecutionArn identifies the execution of a durable function.
	DurableExecutionArn string

	// Payload is the function's result. It is nil when the reply had no body.
	Payload []byte

	// RequestID identifies the request at the service; give it to support.
	RequestID string

	// Attempts is how many requests the call took, 1 without a retry.
	Attempts int

	// ResultMetadata holds what middleware left in it.
	ResultMetadata middleware.Metadata

	functionName string
}

// Err returns the function's error as an [*errors.FunctionError], or nil when
// the function succeeded. It reads the error payloads of every runtime. Where it
// cannot read one, the error has fewer details.
func (o *InvokeOutput) Err() error {
	if o.FunctionError == "" {
		return nil
	}
	err := wire.FunctionError(o.FunctionError, o.Payload)
	err.FunctionName = o.functionName
	err.ExecutedVersion = o.ExecutedVersion
	if o.RequestID != "" {
		err.RequestID = o.RequestID
	}
	return err
}

// Log returns LogResult decoded, and nil when there is none. An error means
// that LogResult is not base64.
func (o *InvokeOutput) Log() ([]byte, error) {
	return decodeLog(o.LogResult)
}

func decodeLog(encoded string) ([]byte, error) {
	if encoded == "" {
		return nil, nil
	}
	log, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("the log of the invocation is not base64: %w", err)
	}
	return log, nil
}
