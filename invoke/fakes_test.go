package invoke_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// fake is the Invoker that people write: it answers with what it is told, one
// after another, and then with success.
type fake struct {
	mu     sync.Mutex
	errors []error
	calls  int
}

func (f *fake) Invoke(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if len(f.errors) > 0 {
		err := f.errors[0]
		f.errors = f.errors[1:]
		return nil, err
	}
	return &invoke.InvokeOutput{Payload: []byte(`1`)}, nil
}

func TestAFakeThatThrottlesIsAskedAgainByMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{errors: []error{&errors.TooManyRequestsException{}, &errors.EC2ThrottledException{}, &errors.ENINotReadyException{}}}
		for r := range invoke.NewFunc[int, int](f, "f").Map(t.Context(), slices.Values([]int{1, 2, 3})) {
			require.NoError(t, r.Err)
			require.Equal(t, 1, r.Out)
		}
		require.Equal(t, 6, f.calls)
	})
}

func TestAFakesErrorIsThatOfTheCall(t *testing.T) {
	for _, c := range []struct {
		err  error
		text string
		code string
		may  bool
	}{
		{&errors.TooManyRequestsException{}, "TooManyRequestsException (status 429)", "TooManyRequestsException", false},
		{&errors.ServiceException{}, "ServiceException (status 500)", "ServiceException", true},
		{&errors.FunctionError{ErrorType: "Boom"}, "function failed: Boom", "", true},
	} {
		_, err := invoke.NewFunc[int, int](&fake{errors: []error{c.err}}, "f").Call(t.Context(), 1)
		require.EqualError(t, err, c.text)
		require.Equal(t, c.may, errors.MayHaveExecuted(err))
		var api smithy.APIError
		require.Equal(t, c.code != "", errors.As(err, &api))
		if api != nil {
			require.Equal(t, c.code, api.ErrorCode())
		}
	}
}

func TestAFakesFunctionErrorTellsWhatFailed(t *testing.T) {
	for _, out := range []*invoke.InvokeOutput{
		{FunctionError: "Unhandled"},
		{FunctionError: "Unhandled", Payload: []byte(`{"errorType":"Boom","errorMessage":"loud"}`), RequestID: "1b"},
	} {
		var failed *errors.FunctionError
		require.ErrorAs(t, out.Err(), &failed)
		require.Equal(t, out.RequestID, failed.RequestID)
		require.Equal(t, out.Payload, failed.Payload)
		require.True(t, errors.MayHaveExecuted(out.Err()))
	}
	require.NoError(t, (&invoke.InvokeOutput{}).Err())
}
