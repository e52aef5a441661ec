package durable

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// stopInput is the input of StopDurableExecution.
type stopInput struct {
	target
	reason error // may be nil
}

var _ lambdaop.Input = (*stopInput)(nil)

func (*stopInput) Operation() string { return "StopDurableExecution" }

// errorObject is an error as the service takes it.
type errorObject struct {
	ErrorMessage string   `json:",omitempty"`
	ErrorType    string   `json:",omitempty"`
	StackTrace   []string `json:",omitempty"`
}

func (in *stopInput) Request() (lambdaop.Request, error) {
	path, rawPath := wire.StopDurableExecutionPath(string(in.target))
	request := lambdaop.Request{Method: http.MethodPost, Path: path, RawPath: rawPath}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(describe(in.reason)); err != nil {
		return request, err
	}
	request.Body = bytes.TrimSuffix(body.Bytes(), []byte("\n"))
	return request, nil
}

// describe puts a reason into the service's form. A function's error keeps what
// it was told with; of any other, the type is named as Go's runtime for Lambda does.
// No reason is an empty object, as the AWS SDKs send it.
func describe(reason error) errorObject {
	if reason == nil {
		return errorObject{}
	}
	var failed *errors.FunctionError
	if errtree.As(reason, &failed) {
		return errorObject{ErrorMessage: failed.ErrorMessage, ErrorType: failed.ErrorType, StackTrace: failed.StackTrace}
	}
	t := reflect.TypeOf(reason)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return errorObject{ErrorMessage: reason.Error(), ErrorType: t.Name()}
}

// Output makes sure that it was the service that said so: its reply has the time
// of the end.
func (in *stopInput) Output(reply lambdaop.Reply) (any, bool) {
	if _, ok := jsonvalue.Parse(reply.Body); ok {
		for name := range jsonvalue.Members(reply.Body) {
			if string(name) == "StopTimestamp" {
				return nil, true
			}
		}
	}
	return nil, false
}
