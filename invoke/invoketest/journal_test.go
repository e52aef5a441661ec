package invoketest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestARequestIsRememberedAsItCame(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Script("f", invoketest.Throw("SnapStartNotReadyException"))
	began := time.Now()
	out, err := call(t, newClient(t, s, func(o *invoke.Options) { o.Retry.BaseDelay = time.Millisecond }), invoke.InvokeInput{
		FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:f", Qualifier: "$LATEST", Payload: []byte(`[1]`),
	})
	require.NoError(t, err)
	require.Equal(t, 2, out.Attempts)

	all := s.Requests()
	require.Len(t, all, 2)
	for i, r := range all {
		require.Equal(t, "POST", r.Method)
		require.Equal(t, "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af/invocations", r.Path)
		require.Equal(t, "Qualifier=%24LATEST", r.Query)
		require.Equal(t, "application/octet-stream", r.Header.Get("Content-Type"))
		require.Equal(t, `[1]`, string(r.Body))
		require.Equal(t, "f", r.FunctionName)
		require.Equal(t, "$LATEST", r.Qualifier)
		require.Equal(t, invoke.InvocationTypeRequestResponse, r.InvocationType)
		require.Equal(t, i+1, r.Attempt)
		require.Equal(t, i == 1, r.Ran)
		require.Equal(t, []int{409, 200}[i], r.Status)
		require.Equal(t, 1, r.Connection)
		require.False(t, r.Time.Before(began))
		require.NotEmpty(t, r.InvocationID)
		require.Equal(t, all[0].InvocationID, r.InvocationID)
	}
	require.Equal(t, out.RequestID, all[1].RequestID)
	require.NotEqual(t, all[0].RequestID, all[1].RequestID)
	require.Equal(t, 1, s.RunsOf(all[0].InvocationID))
	require.Equal(t, 1, s.Connections())
	require.Zero(t, s.RunsOf(""))
	require.Zero(t, s.Runs("g"))
}

func TestTheLatestRequestsAreKeptAndAllAreCounted(t *testing.T) {
	for _, keep := range []int{-1, 1, 3, 10} {
		s := invoketest.NewServer(t, func(c *invoketest.Config) { c.KeepRequests, c.DiscardBodies = keep, true })
		s.Handle("f", echo)
		for i := range 5 {
			_, _ = post(t, s, newRequest(t, s, "{}").header("Amz-Sdk-Invocation-Id", fmt.Sprint(i)).sign(t))
		}
		kept := s.Requests()
		require.Len(t, kept, min(max(keep, 0), 5))
		for i, r := range kept {
			require.Equal(t, fmt.Sprint(5-len(kept)+i), r.InvocationID)
			require.Nil(t, r.Body)
		}
		require.Equal(t, invoketest.Stats{Requests: 5, Runs: 5}, s.Stats())
		require.Equal(t, 1, s.RunsOf("0"))
	}
}

func TestAServerIsSafeForConcurrentUse(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.KeepRequests = 50 })
	c := newClient(t, s)
	s.Handle("f", echo)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for range 50 {
				_, err := c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(`"x"`)})
				if err != nil {
					t.Error(err)
				}
				switch i {
				case 0:
					s.Handle(fmt.Sprint(i), echo)
				case 1:
					s.Script("f", nil)
				case 2:
					s.Inject(func(*invoketest.Request) invoketest.Fault { return nil })
				case 3:
					for _, r := range s.Requests() {
						_ = r.Ran
					}
				case 4:
					s.SetConcurrency(0)
					s.SetRatePerSecond(0)
					s.SetClockOffset(time.Second)
				case 5:
					s.RefuseConnections(0, invoketest.Close)
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, 800, s.Runs("f"))
}

func TestAFunctionMayChangeItsPayload(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(_ context.Context, payload []byte) ([]byte, error) { clear(payload); return nil, nil })
	_, _ = post(t, s, newRequest(t, s, "[1]").sign(t))
	require.Equal(t, "[1]", string(s.Requests()[0].Body))
}
