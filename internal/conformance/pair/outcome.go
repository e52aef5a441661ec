package pair

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Outcome is what a call came to, in the form that both clients' results are put into.
type Outcome struct {
	StatusCode          int
	ExecutedVersion     string
	FunctionError       string
	LogResult           string
	DurableExecutionArn string
	Payload             string
	RequestID           string
	Failure             Failure // zero for a success

	Err error `json:"-"` // the error itself
}

// Failure is an error of the service as a caller finds it with errors.As.
type Failure struct {
	Type      string // the name of the concrete type, "" for none of its own
	Operation string // of the *smithy.OperationError
	Code      string // of the smithy.APIError
	Message   string
	Fault     string
	Status    int // of the *smithyhttp.ResponseError
	RequestID string
}

// Comparable is the outcome without the error value, which is never equal.
func (o Outcome) Comparable() Outcome {
	o.Err = nil
	return o
}

// OurOutcome reads what this client returned.
func OurOutcome(out *invoke.InvokeOutput, err error) Outcome {
	if err != nil {
		f := failure(err)
		if base, ok := As[*lambdaerrors.LambdaServiceException](err); ok {
			f.RequestID = base.RequestID
		}
		return Outcome{Failure: f, Err: err}
	}
	return Outcome{
		StatusCode:          out.StatusCode,
		ExecutedVersion:     out.ExecutedVersion,
		FunctionError:       out.FunctionError,
		LogResult:           out.LogResult,
		DurableExecutionArn: out.DurableExecutionArn,
		Payload:             string(out.Payload),
		RequestID:           out.RequestID,
	}
}

// SDKOutcome reads what the SDK's client returned.
func SDKOutcome(out *lambda.InvokeOutput, err error) Outcome {
	if err != nil {
		f := failure(err)
		if resp, ok := As[*awshttp.ResponseError](err); ok {
			f.RequestID = resp.ServiceRequestID()
		}
		return Outcome{Failure: f, Err: err}
	}
	id, _ := awsmiddleware.GetRequestIDMetadata(out.ResultMetadata)
	return Outcome{
		StatusCode:          int(out.StatusCode),
		ExecutedVersion:     aws.ToString(out.ExecutedVersion),
		FunctionError:       aws.ToString(out.FunctionError),
		LogResult:           aws.ToString(out.LogResult),
		DurableExecutionArn: aws.ToString(out.DurableExecutionArn),
		Payload:             string(out.Payload),
		RequestID:           id,
	}
}

// failure reads what both clients say through smithy-go's types.
func failure(err error) Failure {
	var f Failure
	if op, ok := As[*smithy.OperationError](err); ok {
		f.Operation = op.Service() + "." + op.Operation()
	}
	if resp, ok := As[*smithyhttp.ResponseError](err); ok {
		f.Status = resp.HTTPStatusCode()
	}
	if api, ok := As[smithy.APIError](err); ok {
		f.Code, f.Message, f.Fault = api.ErrorCode(), api.ErrorMessage(), api.ErrorFault().String()
		f.Type = typeName(api)
	}
	return f
}

// typeName is the name of an exception's own type; the two types that stand for any other code have none.
func typeName(err error) string {
	switch err.(type) {
	case *smithy.GenericAPIError, *lambdaerrors.LambdaServiceException:
		return ""
	}
	return reflect.TypeOf(err).Elem().Name()
}
