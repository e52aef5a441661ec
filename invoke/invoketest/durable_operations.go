package invoketest

import (
	"encoding/json"
	"math"
	"net/http"
	"reflect"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// errorObject is an error as the operations of durable executions tell it.
type errorObject struct {
	ErrorMessage string   `json:",omitempty"`
	ErrorType    string   `json:",omitempty"`
	ErrorData    string   `json:",omitempty"`
	StackTrace   []string `json:",omitempty"`
}

// executionBody is the reply of GetDurableExecution.
type executionBody struct {
	DurableExecutionArn   string
	DurableExecutionName  string
	FunctionArn           string
	Version               string
	StartTimestamp        float64
	EndTimestamp          float64 `json:",omitempty"`
	Status                string
	InputPayload          *string            `json:",omitempty"`
	Result                *string            `json:",omitempty"`
	Error                 *errorObject       `json:",omitempty"`
	TraceHeader           *map[string]string `json:",omitempty"`
	ExecutionDataIncluded bool
}

// getDurable answers how far an execution has come.
func (x *exchange) getDurable() *reply {
	ex := x.s.executions.get(x.req.DurableExecutionArn)
	if ex == nil {
		return noExecution(x.req.DurableExecutionArn)
	}
	ex.mu.Lock()
	defer ex.mu.Unlock()
	body := executionBody{
		DurableExecutionArn:  ex.arn,
		DurableExecutionName: ex.name,
		FunctionArn:          ex.functionARN + ":" + ex.version,
		Version:              ex.version,
		StartTimestamp:       epoch(ex.started),
		Status:               ex.status,
	}
	if ex.status != statusRunning {
		body.EndTimestamp = epoch(ex.ended)
	}
	if ex.trace != "" {
		body.TraceHeader = &map[string]string{"XAmznTraceId": ex.trace}
	}
	if x.r.URL.Query().Get("IncludeExecutionData") != "false" {
		body.ExecutionDataIncluded = true
		body.InputPayload = text(ex.input)
		if ex.status == statusSucceeded {
			body.Result = text(ex.output)
		}
		if ex.reason != nil {
			e := wire.FunctionError(ex.reason.kind, ex.reason.payload)
			body.Error = &errorObject{ErrorMessage: e.ErrorMessage, ErrorType: e.ErrorType, StackTrace: e.StackTrace}
		}
	}
	return jsonReply(body)
}

// stopDurable ends an execution. One that has ended stays as it is.
func (x *exchange) stopDurable(body []byte) *reply {
	ex := x.s.executions.get(x.req.DurableExecutionArn)
	if ex == nil {
		return noExecution(x.req.DurableExecutionArn)
	}
	var reason *failure
	if len(body) > 0 {
		var e errorObject
		if err := json.Unmarshal(body, &e); err != nil {
			return exception(http.StatusBadRequest, "InvalidParameterValueException", "the error is not one: "+err.Error())
		}
		if !reflect.ValueOf(e).IsZero() {
			reason = failed(&errors.FunctionError{ErrorType: e.ErrorType, ErrorMessage: e.ErrorMessage, StackTrace: e.StackTrace})
		}
	}
	ex.end(statusStopped, x.s.now(), nil, nil, reason)
	ex.mu.Lock()
	defer ex.mu.Unlock()
	return jsonReply(map[string]float64{"StopTimestamp": epoch(ex.ended)})
}

func noExecution(arn string) *reply {
	return exception(http.StatusNotFound, "ResourceNotFoundException", "Durable execution not found: "+arn)
}

func jsonReply(v any) *reply {
	body, _ := json.Marshal(v) // no value of these types fails to
	return newReply(http.StatusOK, wire.ContentTypeJSON, body)
}

// epoch is a time as the service writes it: seconds since 1970, with milliseconds.
func epoch(t time.Time) float64 { return math.Round(float64(t.UnixMilli())) / 1000 }

func text(b []byte) *string {
	s := string(b)
	return &s
}
