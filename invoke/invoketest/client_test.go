package invoketest_test

import (
	"context"
	stderrors "errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// quickly makes retries not wait, and plenty.
func quickly(o *invoke.Options) {
	o.Retry.MaxAttempts = 20
	o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = time.Microsecond, time.Microsecond
}

func TestAClientCorrectsItsClockAndRefreshesItsCredentials(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.SessionToken = true })
	s.Handle("f", echo)
	c := newClient(t, s, quickly)
	for _, disturb := range []func(){
		func() {},
		func() { s.SetClockOffset(time.Hour) },
		func() { s.SetClockOffset(-time.Hour) },
		s.RotateCredentials,
	} {
		disturb()
		_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
	}
	require.Equal(t, 4, s.Runs("f"))
	require.Equal(t, 7, s.Stats().Requests)
}

func TestAClientReadsAStream(t *testing.T) {
	s := invoketest.NewServer(t)
	s.HandleStream("f", func(_ context.Context, _ []byte, w io.Writer) error {
		_, _ = io.WriteString(w, "one")
		_, _ = io.WriteString(w, "two")
		return stderrors.New("midway")
	})
	c := newClient(t, s)
	read := func() (string, error) {
		out, err := c.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		require.NoError(t, err)
		defer out.Body.Close()
		all, err := io.ReadAll(out.Body)
		return string(all), err
	}
	got, err := read()
	require.Equal(t, "onetwo", got)
	var failure *errors.FunctionError
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "midway", failure.ErrorMessage)
	require.Equal(t, "errorString", failure.ErrorType)

	var broken *errors.TransportError
	for _, fault := range []invoketest.Fault{
		invoketest.BreakStream(10, invoketest.Close), invoketest.CutStream(10), invoketest.CorruptStream(10),
	} {
		s.Script("f", fault)
		_, err = read()
		require.ErrorAs(t, err, &broken)
	}
	s.Script("f", invoketest.ThrowInStream("KMSDisabledException"))
	got, err = read()
	require.Equal(t, "onetwo", got)
	var disabled *errors.KMSDisabledException
	require.ErrorAs(t, err, &disabled)
}

// TestEveryFaultLeavesTheBooksInOrder holds what the server counts against
// what the functions themselves count, and what the client says against both.
func TestEveryFaultLeavesTheBooksInOrder(t *testing.T) {
	mix := []invoketest.Fault{
		invoketest.Throw("ResourceConflictException"),
		invoketest.RunFirst(invoketest.Throw("ServiceException")),
		invoketest.Throttle(errors.ThrottleCallerRate, 0),
		invoketest.ForeignBody(502, "text/html", []byte("<html>")),
		invoketest.Truncate(1),
		invoketest.Delay(time.Millisecond),
	}
	for at := range points {
		mix = append(mix, invoketest.HangUp(at, invoketest.Close), invoketest.HangUp(at, invoketest.Reset))
	}
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.DiscardBodies = true })
	ran := make([]atomic.Int32, 1000)
	invoketest.HandleFunc(s, "f", func(_ context.Context, i int) (int, error) { ran[i].Add(1); return i, nil })
	var n atomic.Int64
	s.Inject(func(*invoketest.Request) invoketest.Fault {
		if i := int(n.Add(1)); i%3 == 0 {
			return mix[i/3%len(mix)]
		}
		return nil
	})

	c := newClient(t, s, quickly)
	f := invoke.NewFunc[int, int](c, "f")
	failed := make([]error, len(ran))
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			for i := w; i < len(ran); i += 8 {
				_, failed[i] = f.Call(t.Context(), i)
			}
		})
	}
	workers.Wait()
	s.Close()

	runs := 0
	for i := range ran {
		times := int(ran[i].Load())
		runs += times
		require.LessOrEqual(t, times, 1)
		if failed[i] == nil {
			require.Equal(t, 1, times)
		} else if times > 0 {
			require.True(t, errors.MayHaveExecuted(failed[i]), "%v", failed[i])
		}
	}
	require.Equal(t, runs, s.Runs("f"))
	started := 0
	for _, r := range s.Requests() {
		require.LessOrEqual(t, s.RunsOf(r.InvocationID), 1)
		if r.Ran {
			started++
		}
	}
	require.Equal(t, runs, started)
	require.Equal(t, int(n.Load()), s.Stats().Requests)
}
