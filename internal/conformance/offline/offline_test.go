package offline_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/offline"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// The endpoint takes a second to start, so the cases share one.
func TestServerlessOffline(t *testing.T) {
	clients := pair.New(t, offline.Start(t, "testdata"))
	for name, test := range map[string]func(*testing.T, pair.Pair){
		"echoes the event":                              echoes,
		"runs a function without an event":              echoesNothing,
		"hands the client context on":                   handsContextOn,
		"reports a thrown error as a function error":    reportsThrownErrors,
		"does not know the function":                    doesNotKnow,
		"runs an event in the background":               runsEvents,
		"refuses a dry run":                             refusesDryRun,
		"fails on an event that is no JSON, tried once": failsOnBadEvents,
		"serves 200 calls at a time":                    servesMany,
		"calls typed functions":                         callsTyped,
	} {
		t.Run(name, func(t *testing.T) { test(t, clients) })
	}
}

// reply is what the echo function answers.
type reply struct {
	Event         json.RawMessage
	ClientContext json.RawMessage
	FunctionName  string
}

// invokeBoth makes the call with both clients, requires the same outcome of both, and returns it.
func invokeBoth(t *testing.T, clients pair.Pair, in *invoke.InvokeInput) pair.Outcome {
	t.Helper()
	ours, sdk := clients.Invoke(t.Context(), in)
	require.Equal(t, sdk.Comparable(), ours.Comparable(), "SDK:  %v\nours: %v", sdk.Err, ours.Err)
	return ours
}

func echo(t *testing.T, clients pair.Pair, in *invoke.InvokeInput) reply {
	t.Helper()
	in.FunctionName = "echo"
	out := invokeBoth(t, clients, in)
	require.NoError(t, out.Err)
	require.Equal(t, 200, out.StatusCode)
	var r reply
	require.NoError(t, json.Unmarshal([]byte(out.Payload), &r))
	require.Equal(t, "echo", r.FunctionName)
	return r
}

func echoes(t *testing.T, clients pair.Pair) {
	for _, event := range []string{`{"a":1}`, `"text"`, `[1,2,3]`, `{"name":"ünï 世界 😀","quote":"\""}`, `{}`} {
		require.JSONEq(t, event, string(echo(t, clients, &invoke.InvokeInput{Payload: []byte(event)}).Event))
	}
}

func echoesNothing(t *testing.T, clients pair.Pair) {
	require.JSONEq(t, `{}`, string(echo(t, clients, &invoke.InvokeInput{}).Event))
}

func handsContextOn(t *testing.T, clients pair.Pair) {
	const text = `{"custom":{"key":"välue"},"client":{"installation_id":"1"}}`
	got := echo(t, clients, &invoke.InvokeInput{
		ClientContext: base64.StdEncoding.EncodeToString([]byte(text)),
		Payload:       []byte(`{}`),
	})
	require.JSONEq(t, text, string(got.ClientContext))
}

func reportsThrownErrors(t *testing.T, clients pair.Pair) {
	in := &invoke.InvokeInput{FunctionName: "thrower", Payload: []byte(`{"name":"Ada"}`)}
	require.Equal(t, "Unhandled", invokeBoth(t, clients, in).FunctionError)

	out, err := clients.Ours.Invoke(t.Context(), in)
	require.NoError(t, err)
	var fn *errors.FunctionError
	require.ErrorAs(t, out.Err(), &fn)
	require.Equal(t, "thrown for Ada", fn.ErrorMessage)
	require.Equal(t, "Error", fn.ErrorType)
	require.NotEmpty(t, fn.StackTrace)
	require.Contains(t, fn.StackTrace[0], "RangeError: thrown for Ada")
}

func doesNotKnow(t *testing.T, clients pair.Pair) {
	err := invokeBoth(t, clients, &invoke.InvokeInput{FunctionName: "nobody"}).Err
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "Function not found: nobody", missing.Message)
	require.Equal(t, 404, missing.StatusCode)
	require.Equal(t, "User", missing.Type)
	require.Equal(t, smithy.FaultClient, missing.Fault)

	var base *errors.LambdaServiceException
	require.ErrorAs(t, err, &base)
	var op *smithy.OperationError
	require.ErrorAs(t, err, &op)
	var resp *smithyhttp.ResponseError
	require.ErrorAs(t, err, &resp)
	require.False(t, errors.MayHaveExecuted(err))
}

func runsEvents(t *testing.T, clients pair.Pair) {
	file := filepath.Join(t.TempDir(), "ran")
	event, err := json.Marshal(map[string]string{"file": file, "line": "ran"})
	require.NoError(t, err)
	out := invokeBoth(t, clients, &invoke.InvokeInput{FunctionName: "writer", InvocationType: invoke.InvocationTypeEvent, Payload: event})
	require.Equal(t, 202, out.StatusCode)
	require.Empty(t, out.Payload)
	require.Eventually(t, func() bool {
		got, _ := os.ReadFile(file) // not there yet is empty too
		return string(got) == "ran\nran\n"
	}, time.Minute, 50*time.Millisecond, "both clients' events run")
}

func refusesDryRun(t *testing.T, clients pair.Pair) {
	err := invokeBoth(t, clients, &invoke.InvokeInput{FunctionName: "echo", InvocationType: invoke.InvocationTypeDryRun}).Err
	var invalid *errors.InvalidParameterValueException
	require.ErrorAs(t, err, &invalid)
}

func failsOnBadEvents(t *testing.T, clients pair.Pair) {
	_, err := clients.Ours.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("no JSON")},
		func(o *invoke.Options) { o.Retry.MaxAttempts = 3 })
	var base *errors.LambdaServiceException
	require.ErrorAs(t, err, &base)
	require.Equal(t, 500, base.StatusCode)
	require.Equal(t, errors.CodeUnknown, base.Code)
	require.True(t, errors.MayHaveExecuted(err))
	var exhausted *retry.MaxAttemptsError
	require.NotErrorAs(t, err, &exhausted, "a 500 without a code says nothing about the function, so there is one attempt")
}

func servesMany(t *testing.T, clients pair.Pair) {
	const calls = 200
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	results := make([]error, calls)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			event := strconv.Itoa(i)
			out, err := clients.Ours.Invoke(ctx, &invoke.InvokeInput{FunctionName: "echo", Payload: []byte(event)})
			if err != nil {
				results[i] = err
				return
			}
			var r reply
			if err := json.Unmarshal(out.Payload, &r); err != nil || string(r.Event) != event {
				results[i] = fmt.Errorf("call %d got %s (%w)", i, out.Payload, err)
			}
		})
	}
	all.Wait()
	for _, err := range results {
		require.NoError(t, err)
	}
}

func callsTyped(t *testing.T, clients pair.Pair) {
	type event struct{ Name string }
	type answer struct{ Event event }
	got, err := invoke.NewFunc[event, answer](clients.Ours, "echo").Call(t.Context(), event{"Ada"})
	require.NoError(t, err)
	require.Equal(t, "Ada", got.Event.Name)

	_, err = invoke.NewFunc[map[string]string, any](clients.Ours, "thrower").Call(t.Context(), map[string]string{"name": "Bob"})
	var fn *errors.FunctionError
	require.ErrorAs(t, err, &fn)
	require.Equal(t, "thrown for Bob", fn.ErrorMessage)
}
