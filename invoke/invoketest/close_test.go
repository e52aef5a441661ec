package invoketest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// recorder is a test that is not one.
type recorder struct {
	testing.TB
	cleanups []func()
	errors   []string
}

func (*recorder) Helper() {}

func (r *recorder) Cleanup(fn func()) { r.cleanups = append(r.cleanups, fn) }

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) end() {
	for _, fn := range r.cleanups {
		fn()
	}
}

func sendEvent(t *testing.T, s *invoketest.Server) {
	t.Helper()
	resp, _ := post(t, s, newRequest(t, s, "{}").header("X-Amz-Invocation-Type", "Event").sign(t))
	require.Equal(t, 202, resp.StatusCode)
}

func TestCloseWaitsForEvents(t *testing.T) {
	tb := &recorder{TB: t}
	s := invoketest.NewServer(tb)
	began, done := make(chan struct{}), false
	s.Handle("f", func(context.Context, []byte) ([]byte, error) {
		close(began)
		for range 1000 {
			runtime.Gosched()
		}
		done = true
		return nil, nil
	})
	sendEvent(t, s)
	<-began
	tb.end()
	require.True(t, done)
	require.Empty(t, tb.errors)
	s.Close() // a second time is nothing
}

func TestAFunctionThatOutlivesItsTestFailsIt(t *testing.T) {
	tb := &recorder{TB: t}
	s := invoketest.NewServer(tb, func(c *invoketest.Config) { c.Grace = time.Millisecond })
	release := make(chan struct{})
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { <-release; return nil, nil })
	sendEvent(t, s)
	tb.end()
	require.Len(t, tb.errors, 1)
	require.True(t, strings.HasSuffix(tb.errors[0], "closed: f"), tb.errors[0])
	close(release)
	require.NoError(t, s.Wait(t.Context()))
}

func TestAFunctionThatHeedsItsContextDoesNot(t *testing.T) {
	tb := &recorder{TB: t}
	s := invoketest.NewServer(tb, func(c *invoketest.Config) { c.Grace = 10 * time.Second })
	s.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() })
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	c := newClient(t, s, once)
	go func() {
		_, err := c.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		answered <- err
	}()
	waitForRuns(t, s, 1)
	cancel()
	require.Error(t, <-answered)
	tb.end()
	require.Empty(t, tb.errors)
}

func TestWithoutATestTheCallerCloses(t *testing.T) {
	s := invoketest.NewServer(nil, func(c *invoketest.Config) { c.Grace = time.Millisecond })
	s.Handle("f", echo)
	c := newClient(t, s, once)
	_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	s.Close()
	_, err = call(t, c, invoke.InvokeInput{FunctionName: "f"})
	require.Error(t, err)
}

func TestAServerLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, secure := range []bool{false, true} {
		s := invoketest.NewServer(nil, func(c *invoketest.Config) { c.TLS = secure })
		s.Handle("f", echo)
		c := newClient(t, s, once)
		for _, fault := range []invoketest.Fault{nil, invoketest.HangUp(invoketest.AfterRun, invoketest.Reset), nil} {
			s.Script("f", fault)
			_, _ = call(t, c, invoke.InvokeInput{FunctionName: "f"})
		}
		s.Close()
	}
	for runtime.NumGoroutine() > before { // those that were told to end do so in their own time
		runtime.Gosched()
	}
}
