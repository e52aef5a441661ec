package durable

import (
	"bytes"
	"math"
	"net/http"
	"strconv"
	"time"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/jsonvalue"
	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// target is the execution that a request is about.
type target string

func (t target) Function() string  { a, _ := parseARN(string(t)); return a.function }
func (t target) Qualifier() string { a, _ := parseARN(string(t)); return a.version }

func (t target) Validate() []smithy.InvalidParamError {
	if t == "" {
		return []smithy.InvalidParamError{smithy.NewErrParamRequired("DurableExecutionArn")}
	}
	if _, ok := parseARN(string(t)); !ok {
		return []smithy.InvalidParamError{lambdaop.Invalid("DurableExecutionArn",
			"it is not arn:{partition}:lambda:{region}:{account}:function:{name}:{version}/durable-execution/{name}/{id}")}
	}
	return nil
}

// getInput is the input of GetDurableExecution.
type getInput struct {
	target
	withData bool // include input, result and error
}

var _ lambdaop.Input = (*getInput)(nil)

func (*getInput) Operation() string { return "GetDurableExecution" }

func (in *getInput) Request() (lambdaop.Request, error) {
	path, rawPath := wire.DurableExecutionPath(string(in.target))
	return lambdaop.Request{
		Method: http.MethodGet, Path: path, RawPath: rawPath,
		Query: "IncludeExecutionData=" + strconv.FormatBool(in.withData),
	}, nil
}

// getOutput is what GetDurableExecution tells of an execution.
type getOutput struct {
	Status
	result    []byte                // of a success, with its data
	failure   *errors.FunctionError // of any other end, with its data; nil where the service tells nothing
	size      int                   // of the reply, in bytes
	requestID string
}

// Output asks of a reply that it is a JSON object with a status, and about the
// execution that was asked for.
func (in *getInput) Output(reply lambdaop.Reply) (any, bool) {
	if _, ok := jsonvalue.Parse(reply.Body); !ok || !jsonvalue.IsObject(reply.Body) {
		return nil, false
	}
	out := &getOutput{size: len(reply.Body), requestID: reply.RequestID}
	about := string(in.target)
	for name, value := range jsonvalue.Members(reply.Body) {
		text, isText := value.Text()
		switch string(name) {
		case "DurableExecutionArn":
			about = text
		case "DurableExecutionName":
			out.DurableExecutionName = text
		case "Version":
			out.Version = text
		case "Status":
			out.Status.Status = ExecutionStatus(text)
		case "StartTimestamp":
			out.StartTimestamp = timestamp(value)
		case "EndTimestamp":
			out.EndTimestamp = timestamp(value)
		case "Result":
			if isText {
				out.result = []byte(text)
			}
		case "Error":
			if jsonvalue.IsObject(value) {
				out.failure = wire.FunctionError("Unhandled", bytes.Clone(value))
			}
		}
	}
	asked, _ := parseARN(string(in.target))
	answered, ok := parseARN(about)
	return out, ok && sameExecution(asked, answered) && out.Status.Status != ""
}

// timestamp reads seconds since 1970, which may have a fraction. What is not such
// a number is no time.
func timestamp(value jsonvalue.Value) time.Time {
	seconds, err := strconv.ParseFloat(string(value), 64)
	if err != nil || math.Abs(seconds) > maxTimestamp {
		return time.Time{}
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1e3) // a float64 of today has some microseconds
}

// maxTimestamp is the year 9999, beyond which times do not marshal.
const maxTimestamp = 253402300799
