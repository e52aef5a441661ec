package errors_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// answering is a caller's own error that knows whether the function ran.
type answering struct {
	may   bool
	cause error
}

func (v answering) Error() string         { return "answering" }
func (v answering) Unwrap() error         { return v.cause }
func (v answering) MayHaveExecuted() bool { return v.may }

// hollow wraps nothing although it could.
type hollow struct{ branches []error }

func (hollow) Error() string     { return "hollow" }
func (h hollow) Unwrap() []error { return h.branches }

func TestMayHaveExecuted(t *testing.T) {
	var (
		connect   = &errors.TransportError{Stage: errors.StageConnect, Err: io.EOF}
		await     = &errors.TransportError{Stage: errors.StageAwait, Err: io.EOF}
		throttled = &errors.LambdaServiceException{Code: "SlowDown", StatusCode: 503}
		bad       = smithy.InvalidParamsError{Context: "InvokeInput"}
	)
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"no error":                       {nil, false},
		"an error nobody knows":          {io.EOF, true},
		"the caller's context":           {context.Canceled, true},
		"the network, stage unknown":     {&net.OpError{Op: "dial", Err: io.EOF}, true},
		"refused input":                  {bad, false},
		"refused input by pointer":       {&bad, false},
		"refused input, wrapped":         {&smithy.OperationError{ServiceID: "Lambda", OperationName: "Invoke", Err: bad}, false},
		"not serialised":                 {&smithy.SerializationError{Err: io.EOF}, false},
		"no credentials":                 {&errors.CredentialsError{Err: io.EOF}, false},
		"stage unknown":                  {&errors.TransportError{}, true},
		"stage connect":                  {connect, false},
		"stage send":                     {&errors.TransportError{Stage: errors.StageSend}, false},
		"stage await":                    {await, true},
		"stage receive":                  {&errors.TransportError{Stage: errors.StageReceive}, true},
		"too large a response":           {&errors.ResponseTooLargeError{}, true},
		"a result that does not decode":  {&errors.DecodeError{}, true},
		"the function's own failure":     {&errors.FunctionError{}, true},
		"a refusal":                      {throttled, false},
		"a refusal, wrapped by a caller": {fmt.Errorf("pay: %w", throttled), false},
		"a refusal behind a response":    {&smithyhttp.ResponseError{Err: throttled}, false},
		"two branches that did not run":  {errors.Join(connect, throttled), false},
		"one branch that may have":       {errors.Join(connect, await), true},
		"one branch that nobody knows":   {fmt.Errorf("%w %w", connect, io.EOF), true},
		"an outer answer: no":            {answering{false, await}, false},
		"an outer answer: yes":           {fmt.Errorf("pay: %w", answering{true, connect}), true},
		"wraps nothing":                  {&smithy.OperationError{}, true},
		"wraps no branches":              {hollow{}, true},
		"wraps branches that are nil":    {hollow{[]error{nil, nil}}, true},
		"a nil branch beside a known":    {hollow{[]error{nil, connect}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, errors.MayHaveExecuted(c.err))
		})
	}
}
