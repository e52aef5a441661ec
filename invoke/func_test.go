package invoke_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// invokerFunc is an Invoker made of a function, as a caller's test would have it.
type invokerFunc func(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error)

func (fn invokerFunc) Invoke(ctx context.Context, in *invoke.InvokeInput, optFns ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	return fn(ctx, in, optFns...)
}

// recorder answers every call with output and keeps the input.
type recorder struct {
	input  *invoke.InvokeInput
	optFns int
	output invoke.InvokeOutput
}

func (r *recorder) Invoke(_ context.Context, in *invoke.InvokeInput, optFns ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	r.input, r.optFns = in, len(optFns)
	out := r.output
	return &out, nil
}

func answering(payload string) *recorder {
	return &recorder{output: invoke.InvokeOutput{StatusCode: 200, Payload: []byte(payload), RequestID: "req-1"}}
}

type order struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// upper has methods of its own on its pointer, as generated types do.
type upper struct{ s string }

func (u *upper) MarshalJSON() ([]byte, error) { return json.Marshal("UPPER " + u.s) }

func sent[In any](t *testing.T, in In) []byte {
	t.Helper()
	r := answering(`null`)
	_, err := invoke.NewFunc[In, struct{}](r, "f").Call(t.Context(), in)
	require.NoError(t, err)
	return r.input.Payload
}

func TestInputIsSentAsJSON(t *testing.T) {
	require.JSONEq(t, `{"id":"a","count":2}`, string(sent(t, order{ID: "a", Count: 2})))
	require.JSONEq(t, `{"id":"a","count":2}`, string(sent(t, &order{ID: "a", Count: 2})))
	require.JSONEq(t, `[1,2]`, string(sent(t, []int{1, 2})))
	require.JSONEq(t, `"text"`, string(sent(t, "text")))
	require.JSONEq(t, `"UPPER x"`, string(sent(t, upper{s: "x"})))
	require.JSONEq(t, `{}`, string(sent(t, struct {
		Absent *int `json:",omitempty"`
	}{})))
	require.Equal(t, `null`, string(sent(t, []int(nil))), "a nil slice is a value of its own")
}

func TestInputPassesThroughUntouched(t *testing.T) {
	raw := []byte("{ \"spaced\" :  1 } \xff not even JSON")
	payload := sent(t, raw)
	require.Equal(t, raw, payload)
	require.Same(t, &raw[0], &payload[0], "not copied")
	require.Equal(t, raw, sent(t, json.RawMessage(raw)))
}

func TestNoInputSendsNoPayload(t *testing.T) {
	require.Empty(t, sent(t, struct{}{}))
	require.Empty(t, sent(t, (*order)(nil)))
	require.Empty(t, sent[any](t, nil))
	require.Empty(t, sent(t, []byte(nil)))
	require.Empty(t, sent(t, json.RawMessage(nil)))
}

func received[Out any](t *testing.T, payload string) Out {
	t.Helper()
	out, err := invoke.NewFunc[struct{}, Out](answering(payload), "f").Call(t.Context(), struct{}{})
	require.NoError(t, err)
	return out
}

func TestOutputIsDecodedFromJSON(t *testing.T) {
	require.Equal(t, order{ID: "a", Count: 2}, received[order](t, `{"id":"a","count":2}`))
	require.Equal(t, &order{ID: "a"}, received[*order](t, ` {"id":"a"}`))
	require.Equal(t, map[string]any{"n": 1.0}, received[any](t, `{"n":1}`))
	require.Equal(t, "text", received[string](t, `"text"`))
	require.Equal(t, struct{}{}, received[struct{}](t, `this is not looked at`))
}

func TestOutputPassesThroughUntouched(t *testing.T) {
	require.Equal(t, `{ "spaced" :  1 }`, string(received[json.RawMessage](t, `{ "spaced" :  1 }`)))
	require.Equal(t, "\xff\x00", string(received[[]byte](t, "\xff\x00")))
}

func TestNoOutputIsTheZeroValue(t *testing.T) {
	for _, payload := range []string{"", "null"} {
		require.Nil(t, received[*order](t, payload))
		require.Nil(t, received[any](t, payload))
		require.Zero(t, received[order](t, payload))
	}
}

func TestOutputThatDoesNotDecodeKeepsThePayload(t *testing.T) {
	for name, payload := range map[string]string{
		"another type": `{"id":"a","count":"secret"}`,
		"cut short":    `{"id":"a","count":`,
		"not JSON":     `<html>secret</html>`,
	} {
		t.Run(name, func(t *testing.T) {
			out, err := invoke.NewFunc[struct{}, order](answering(payload), "f").Call(t.Context(), struct{}{})
			var decode *errors.DecodeError
			require.ErrorAs(t, err, &decode)
			require.Equal(t, payload, string(decode.Payload))
			require.Equal(t, "req-1", decode.RequestID)
			require.NotContains(t, err.Error(), "secret")
			require.True(t, errors.MayHaveExecuted(err))
			require.Zero(t, out, "no half-decoded value")
		})
	}
}

func TestInputThatDoesNotEncodeIsNotSent(t *testing.T) {
	r := answering(`null`)
	f := invoke.NewFunc[float64, struct{}](r, "f")
	_, callErr := f.Call(t.Context(), math.NaN())
	for _, err := range []error{callErr, f.Send(t.Context(), math.Inf(1))} {
		var serialization *smithy.SerializationError
		require.ErrorAs(t, err, &serialization)
		var operation *smithy.OperationError
		require.ErrorAs(t, err, &operation)
		require.False(t, errors.MayHaveExecuted(err))
	}
	require.Nil(t, r.input)

	_, err := invoke.NewFunc[map[string]any, struct{}](r, "f").Call(t.Context(), map[string]any{"password": json.Number("hunter2")})
	require.ErrorContains(t, err, "the input cannot be encoded as JSON")
	require.NotContains(t, err.Error(), "hunter2")
	_, err = invoke.NewFunc[chan int, struct{}](r, "f").Call(t.Context(), nil)
	require.ErrorContains(t, err, "unsupported type: chan int")
}

func TestFuncOptionsAreSentWithEveryCall(t *testing.T) {
	type tenant struct{}
	r := answering(`"ok"`)
	var observed *invoke.InvokeOutput
	f := invoke.NewFunc[order, string](r, "f", func(o *invoke.FuncOptions) {
		o.Qualifier = "live"
		o.LogType = invoke.LogTypeTail
		o.ClientContext = "e30="
		o.TenantId = "blue"
		o.Prepare = func(ctx context.Context, in *invoke.InvokeInput) {
			if id, ok := ctx.Value(tenant{}).(string); ok {
				in.TenantId = id
			}
		}
		o.Observe = func(_ context.Context, out *invoke.InvokeOutput) { observed = out }
	})

	_, err := f.Call(t.Context(), order{ID: "a"})
	require.NoError(t, err)
	want := invoke.InvokeInput{
		FunctionName:  "f",
		Qualifier:     "live",
		LogType:       invoke.LogTypeTail,
		ClientContext: "e30=",
		TenantId:      "blue",
		Payload:       []byte(`{"id":"a","count":0}`),
	}
	require.Equal(t, want, *r.input)
	require.Equal(t, "req-1", observed.RequestID)

	ctx := context.WithValue(t.Context(), tenant{}, "green")
	require.NoError(t, f.Send(ctx, order{ID: "a"}, func(*invoke.Options) {}))
	want.InvocationType, want.TenantId = invoke.InvocationTypeEvent, "green"
	require.Equal(t, want, *r.input)
	require.Equal(t, 1, r.optFns, "per-call options are passed on")
}

func TestFunctionErrorComesBackAsError(t *testing.T) {
	observed := 0
	r := &recorder{output: invoke.InvokeOutput{
		StatusCode:    200,
		FunctionError: "Unhandled",
		Payload:       []byte(`{"errorType":"Broken","errorMessage":"no"}`),
		RequestID:     "req-1",
	}}
	out, err := invoke.NewFunc[order, order](r, "orders", func(o *invoke.FuncOptions) {
		o.Observe = func(context.Context, *invoke.InvokeOutput) { observed++ }
	}).Call(t.Context(), order{})
	var failed *errors.FunctionError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "Broken", failed.ErrorType)
	require.Equal(t, "orders", failed.FunctionName, "known although no client made the reply")
	require.Equal(t, 1, observed)
	require.Zero(t, out)
}

func TestErrorsOfTheInvokerPassUnchanged(t *testing.T) {
	boom := errors.New("boom")
	f := invoke.NewFunc[int, int](invokerFunc(func(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		return nil, boom
	}), "f")
	_, err := f.Call(t.Context(), 1)
	require.Equal(t, boom, err)
	require.Equal(t, boom, f.Send(t.Context(), 1))
}

func TestInvokerWithoutAnswerIsAnError(t *testing.T) {
	f := invoke.NewFunc[int, int](invokerFunc(func(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		return nil, nil
	}), "f")
	_, err := f.Call(t.Context(), 1)
	require.ErrorContains(t, err, "neither output nor error")
	require.Error(t, f.Send(t.Context(), 1))
}

func BenchmarkCallOverhead(b *testing.B) {
	r := answering(`{"id":"a","count":2}`)
	f := invoke.NewFunc[order, order](r, "f")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Call(b.Context(), order{ID: "a", Count: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
